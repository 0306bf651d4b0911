import pytest
import torch

from core.sentiment.model import NETWORKS, Classifier, ModelConfig
from tests.fixtures.make_opinions import write_opinions


@pytest.fixture(scope="session")
def opinions(tmp_path_factory):
    return write_opinions(tmp_path_factory.mktemp("opinions"))


@pytest.fixture(scope="session")
def config():
    return ModelConfig(vocab_size=30, embedding_size=7, hidden_size=5, sibling_size=4)


@pytest.fixture(scope="session")
def classifiers(config):
    torch.manual_seed(0)
    return {name: Classifier(name, config).eval() for name in NETWORKS}
