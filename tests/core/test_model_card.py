"""Cards, written out by hand."""

import pytest

from core.model_card import markdown_table, replace_section, section

CARD = "# A model\n\n## Data\n\nSome.\n\n## Results\n\nold\n\n## Limits\n\nMany.\n"


def test_a_table_aligns_its_numbers():
    table = markdown_table(["who", "score"], [["we", "1.0"], ["they", "2.0"]])
    assert table == "| who | score |\n| --- | ---: |\n| we | 1.0 |\n| they | 2.0 |"


@pytest.mark.parametrize("title", ["Data", "Results", "Limits"])
def test_one_section_changes_and_the_others_stay(title):
    changed = replace_section(CARD, title, "new")
    assert section(changed, title) == "new"
    for other in {"Data", "Results", "Limits"} - {title}:
        assert section(changed, other) == section(CARD, other)
    assert replace_section(changed, title, "new") == changed


def test_a_missing_section_is_an_error():
    with pytest.raises(ValueError, match="no section 'Prices'"):
        replace_section(CARD, "Prices", "")
