"""Home: what a recurrent network is, every page with a link, and the shapes that sequences take."""

import streamlit as st

from core import captioning
from core.figures.sequence_shapes import SHAPES, sequence_shape
from core.figures.unrolled import folded, unrolled
from pages.contents import SECTIONS
from pages.controls import card, draw

MAX_WORDS, FIRST_WORDS = 6, "a dog catches the ball"
EXAMPLES = {
    "One to one": "One small image in, one digit out. No sequence, so nothing to remember.",
    "One to many": "A photo goes in once; its caption comes out word by word.",
    "Many to one": "A whole review is read; then one verdict, liked or not.",
    "Many to many, aligned": "At every step an answer: which part of speech each word is.",
    "Many to many, unaligned": "Read to the end, then write: a translation has its own length.",
}

load_samples = st.cache_resource(captioning.load_samples)


@st.fragment
def unroll() -> None:
    first, second = st.columns([3, 2])
    label = f"Your words, up to {MAX_WORDS}"
    text = first.text_input(label, FIRST_WORDS, key="home.words", max_chars=60, live=True)
    words = text.split()[:MAX_WORDS] or ["…"]
    steps = range(1, len(words) + 1)
    step = second.select_slider("Time step", steps, len(words), key=f"home.step.{len(words)}")
    first, second = st.columns([1, 4])
    with first:
        draw(folded(), "home.folded", "A recurrent cell: an arrow leads back into it")
        st.caption("One cell whose memory comes back to it …")
    with second:
        alt = f"The cell once per word. At time step {step} it has read: {' '.join(words[:step])}"
        draw(unrolled(words, time_step=step - 1), "home.unrolled", alt)
        st.caption(
            "… **unrolled over time**: the same cell with the same weights at every step. "
            "Each dot is a word that it has read, fainter the longer ago."
        )


st.title("Unrolled")
st.markdown(
    "A recurrent network reads **one thing at a time** and carries a **memory** from step to step. "
    "The ones on these pages are real and trained: give them something of yours, and look inside.",
    width=760,
)
unroll()

with_photo = SECTIONS["Applications"][0]
for section, entries in SECTIONS.items():
    st.header(section)
    if with_photo in entries:
        photo, story = st.container(border=True).columns([1, 3], vertical_alignment="center")
        sentence = card(story, with_photo)
    cards = st.grid(min_column_width=240, border=True)
    for entry in (e for e in entries if e is not with_photo):
        card(cards.container(), entry)

st.header("Shapes of sequence")
st.markdown(
    ":orange[Orange] goes in, :blue[blue] remembers, :green[green] comes out. "
    "What you want decides the shape."
)
for place, (name, example) in zip(st.columns(3) + st.columns(3), EXAMPLES.items(), strict=False):
    with place:
        st.subheader(name)
        draw(sequence_shape(*SHAPES[name]), f"home.{name}", f"Diagram: {name.lower()}")
        st.markdown(example)

# Last, so that a sample that cannot be read leaves the rest of the map in place.
sample = load_samples()[0]
photo.image(sample.image, alt=f"Photo: {sample.title}", caption=sample.credit, width="stretch")
sentence.markdown(f"About this photo the network wrote: **{sample.caption}**.")
