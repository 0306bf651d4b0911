import pytest

from tests.fixtures.make_treebank import write_treebank


@pytest.fixture(scope="session")
def treebank(tmp_path_factory):
    return write_treebank(tmp_path_factory.mktemp("treebank"))
