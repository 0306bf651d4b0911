"""The page for files: every row gets its verdict, unusable files a sentence, nothing runs twice."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import pytest

from core import sentiment
from core.text import text_tables
from tests.pages.test_sentiment import open_page

PAGE = "applications/reviews.py"
FILE = b"stars,review,verdict\n5,A wonderful film.,mine\n1,,mine\n2,=1+1 is terrible,mine\n"


def upload(content: bytes, name: str = "reviews.csv"):
    app = open_page(PAGE)
    app.file_uploader(key="reviews.file").upload(name, content)
    return app.run()


def test_without_a_file_the_samples_are_scored():
    app = open_page(PAGE)
    samples = sentiment.load_samples()
    table = app.dataframe[0].value
    assert list(table["text"]) == [sample.text for sample in samples]
    np.testing.assert_allclose(table["probability"], [s.probability for s in samples], atol=0.005)


def test_every_row_keeps_its_columns_and_gets_its_verdict():
    app = upload(FILE)
    assert not app.exception and not app.error
    table = app.dataframe[0].value
    expected = sentiment.classify_many(
        sentiment.load_model(), ["A wonderful film.", "", "=1+1 is terrible"]
    )
    assert list(table.columns) == ["stars", "review", "verdict", "verdict (4)", "probability"]
    np.testing.assert_allclose(table["probability"], expected, atol=1e-4)
    assert table["verdict (4)"][1] == "" and list(table["verdict"]) == ["mine"] * 3
    assert "1 without a word" in " ".join(m.value for m in app.markdown)


def test_the_download_starts_no_formula():
    columns = text_tables.read_text_table(FILE, "x.csv").columns
    written = text_tables.to_csv(columns).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(written)))
    assert rows[2]["review"] == "'=1+1 is terrible"
    assert len(upload(FILE).get("download_button")) == 1


def test_a_column_can_be_chosen_and_a_rerun_runs_nothing(graph_runs):
    app = upload(b"title,review\nDreadful thing,A wonderful film in every way.\n")
    first = app.dataframe[0].value["probability"][0]
    graph_runs.clear()
    app.run()
    assert not graph_runs
    app.get_by_key("reviews_column").set_value("title").run()
    assert app.dataframe[0].value["probability"][0] != first
    assert graph_runs


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "x.csv", "holds no text"),
        (b"id,stars\n1,5\n", "x.csv", "No column"),
        (b"\0\1\2", "x.txt", "zero bytes"),
    ],
)
def test_an_unusable_file_is_one_sentence_and_another_can_follow(content, name, told):
    app = upload(content, name)
    assert not app.exception
    (error,) = app.error
    assert told in error.value
    app.file_uploader(key="reviews.file").clear()
    app.file_uploader(key="reviews.file").upload("fine.txt", b"fine\n")
    app.run()
    assert not app.exception and not app.error


def test_rows_beyond_the_limit_are_counted():
    app = upload(b"fine\n" * (text_tables.MAX_ROWS + 5), "x.txt")
    assert not app.exception
    assert "5 further rows" in " ".join(m.value for m in app.markdown)
    assert len(app.dataframe[0].value) == text_tables.MAX_ROWS
