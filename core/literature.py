"""Who published what the pages show and the code computes: each work once, with its address."""

from __future__ import annotations

_DOI, _ARXIV = "https://doi.org/", "https://arxiv.org/abs/"
WORKS = {
    "Arjovsky et al. 2016": f"{_ARXIV}1511.06464",
    "Bengio et al. 1994": f"{_DOI}10.1109/72.279181",
    "Elman 1990": f"{_DOI}10.1207/s15516709cog1402_1",
    "Gers et al. 2000": f"{_DOI}10.1162/089976600300015015",
    "Glorot & Bengio 2010": "https://proceedings.mlr.press/v9/glorot10a.html",
    "Graves 2013": f"{_ARXIV}1308.0850",
    "Guo et al. 2017": f"{_ARXIV}1706.04599",
    "Hochreiter & Schmidhuber 1997": f"{_DOI}10.1162/neco.1997.9.8.1735",
    "Johnson & Zhang 2016": f"{_ARXIV}1602.02373",
    "Jozefowicz et al. 2015": "https://proceedings.mlr.press/v37/jozefowicz15.html",
    "Le et al. 2015": f"{_ARXIV}1504.00941",
    "Pascanu et al. 2013": f"{_ARXIV}1211.5063",
    "Plank et al. 2016": f"{_DOI}10.18653/v1/P16-2067",
    "Rumelhart, Hinton & Williams 1986": f"{_DOI}10.1038/323533a0",
    "Saxe et al. 2014": f"{_ARXIV}1312.6120",
    "Schuster & Paliwal 1997": f"{_DOI}10.1109/78.650093",
    "Sutskever et al. 2014": f"{_ARXIV}1409.3215",
    "Vinyals et al. 2015": f"{_ARXIV}1411.4555",
    "Werbos 1990": f"{_DOI}10.1109/5.58337",
    "Williams & Peng 1990": f"{_DOI}10.1162/neco.1990.2.4.490",
}
"""Addresses by author and year, in the order of the alphabet."""


def cite(work: str, place: str = "") -> str:
    """Return a link to one of WORKS as Markdown, and where in it to look.

    Args:
        work: Author and year; a KeyError if it is not listed.
        place: Such as "equation 1".
    """
    return f"[{work}]({WORKS[work]})" + (f", {place}" if place else "")


LSTM = f"({cite('Hochreiter & Schmidhuber 1997')}; forget gate: {cite('Gers et al. 2000')})"
"""Of the formulas of an LSTM with a forget gate."""
