"""Many reviews: a file goes in, a table with a verdict on every text comes out."""

import streamlit as st

from core import sentiment
from core.figures import verdicts
from core.text import text_tables, verdict_sentences as say
from pages.controls import draw, pick

FORMATS, SCORES = ["csv", "tsv", "txt"], "reviews.scores"
SHARE = st.column_config.ProgressColumn("probability of positive", min_value=0, max_value=1)
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)

st.title("Many reviews")
st.markdown(
    "Hand in a **CSV file** with a column of texts, or a **text file** with one text a line: up to "
    f"{text_tables.MAX_ROWS:,} texts in 10 MB. Until then, these are the samples of the page "
    "Sentiment."
)
file = st.file_uploader("Your file", FORMATS, key="reviews.file")
model, samples = load_model(), st.cache_resource(sentiment.load_samples)()
if file:
    table = text_tables.read_text_table(file.getvalue(), file.name)
else:
    table = text_tables.table_of(sample.text for sample in samples)
column = table.text_columns[0]
if len(table.text_columns) > 1:
    column = pick(st, "The texts stand in", table.text_columns, "reviews_column")
texts, known_by = table.columns[column], (file and file.file_id, column)
if known_by not in st.session_state.get(SCORES, {}):
    bar = st.progress(0.0, "Reading …")

    def report(done):
        bar.progress(done / len(texts), f"{done:,} of {len(texts):,} texts are read")

    st.session_state[SCORES] = {known_by: sentiment.classify_many(model, texts, report)}
    bar.empty()
probabilities = st.session_state[SCORES][known_by]
verdict = say.verdicts_of(probabilities)
scored = text_tables.beside(table.columns, verdict=verdict, probability=probabilities.round(4))
content = text_tables.to_csv(scored)
st.markdown(say.summary(probabilities, table.left_out, table.encoding))
judged = probabilities[probabilities >= 0]
draw(verdicts.verdict_histogram(judged), "reviews.histogram", "How many texts stand where")
names = list(scored)
shown = {"column_config": {names[-1]: SHARE}, "column_order": [*names[-2:], *names[:-2]]}
st.dataframe(scored, alt="The texts and their verdicts", **shown)
st.download_button("Table (CSV)", content, "verdicts.csv", "text/csv")
