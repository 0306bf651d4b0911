from functools import cache

import pytest

from core import translation
from tests.fixtures.make_parallel import write_parallel

load_model = cache(translation.load_model)


@pytest.fixture(scope="session")
def model():
    return load_model()


@pytest.fixture(scope="session")
def parallel(tmp_path_factory):
    return write_parallel(tmp_path_factory.mktemp("data") / "translation")
