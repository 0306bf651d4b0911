import pytest

from tests.fixtures.make_forecasting import write_forecasting_data


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A folder with stocks/ and weather/ of drawn series."""
    return write_forecasting_data(tmp_path_factory.mktemp("data"))
