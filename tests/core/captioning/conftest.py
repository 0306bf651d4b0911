import pytest

from tests.fixtures.make_flickr8k import write_flickr8k


@pytest.fixture(scope="session")
def flickr8k(tmp_path_factory):
    return write_flickr8k(tmp_path_factory.mktemp("data") / "flickr8k")
