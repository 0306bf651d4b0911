"""What the pages cite: known works, each listed once, in order."""

import re
from urllib.parse import urlsplit

import pytest

from core.literature import WORKS, cite


def test_a_citation_is_a_link_to_the_work_and_says_where_in_it():
    assert cite("Elman 1990") == "[Elman 1990](https://doi.org/10.1207/s15516709cog1402_1)"
    assert cite("Le et al. 2015", "section 4") == (
        "[Le et al. 2015](https://arxiv.org/abs/1504.00941), section 4"
    )
    with pytest.raises(KeyError):
        cite("Nobody 2015")


def test_works_are_in_alphabetical_order_with_their_year_and_one_address_each():
    assert list(WORKS) == sorted(WORKS)
    assert len(set(WORKS.values())) == len(WORKS)
    for work, address in WORKS.items():
        assert re.fullmatch(r".+ (19|20)\d\d", work)
        assert urlsplit(address).scheme == "https" and urlsplit(address).path.strip("/")
