"""What a newcomer relies on: the README tells the truth, and a clean clone holds what it needs."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
START = "pip install -r requirements.txt && streamlit run app.py"
TEST = "pip install -r requirements-dev.txt && pytest"
TOP_LEVEL = {
    *(".ci", ".github", ".gitignore", ".streamlit", "app.py", "core", "LICENSE", "models", "pages"),
    *("pyproject.toml", "README.md", "requirements-dev.txt", "requirements.txt", "tests"),
}
PICKLES = {".bin", ".ckpt", ".h5", ".joblib", ".npy", ".npz", ".pickle", ".pkl", ".pt", ".pth"}
MACHINE_PATH = re.compile(r"(?<![\w.~/])/(?:work|root|home|tmp|Users)/\w")


def repository_files() -> list[str]:
    """Return the path of every file that git tracks or would track."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True)
    return sorted(name for name in done.stdout.split("\0") if (ROOT / name).is_file() and name)


FILES = repository_files()


def read_tree() -> dict[str, str]:
    """Return path -> description; the tree indents by two spaces a level, a folder ends in "/"."""
    block = re.search(r"^```\n(app\.py .*?)^```", README, re.MULTILINE | re.DOTALL)
    folders, entries = [], {}
    for line in block[1].splitlines():
        indent, name, description = re.fullmatch(r"( *)(\S+) +(\S.*)", line).groups()
        folders[len(indent) // 2 :] = [name]
        entries["".join(folders)] = description
    return entries


TREE = read_tree()


def code_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_the_two_commands_stand_in_the_readme_as_lines_to_copy():
    assert START in code_lines(README)
    assert TEST in code_lines(README)


def test_the_complete_check_ends_with_the_readme_test_command():
    assert code_lines((ROOT / ".ci/run").read_text("utf-8"))[-1] == TEST


@pytest.mark.parametrize("entry", TREE)
def test_what_the_tree_names_exists(entry):
    path = ROOT / entry
    assert path.is_dir() if entry.endswith("/") else path.is_file()


def test_the_tree_names_every_module():
    modules = {n for n in FILES if re.match(r"(app\.py|core/|pages/)", n) and n.endswith(".py")}
    packages = {n for n in modules if n.endswith("/__init__.py")}
    named_by_folder = {n for n in packages if n.removesuffix("__init__.py") in TREE}
    assert sorted(modules - named_by_folder - set(TREE)) == []


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:|#)([^)#]+)", README))
def test_a_link_inside_the_repository_leads_somewhere(target):
    in_repository = target in FILES or (ROOT / target).is_dir()
    assert in_repository, target


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m (core(?:\.\w+)+)", README))))
def test_a_command_in_the_readme_can_be_started(module):
    path = ROOT.joinpath(*module.split("."))
    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_the_top_level_holds_only_what_belongs_there():
    assert {name.partition("/")[0] for name in FILES} <= TOP_LEVEL


def test_no_pickle_is_kept():
    assert not [name for name in FILES if Path(name).suffix in PICKLES]


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_a_place_on_one_machine(name):
    content = (ROOT / name).read_bytes()
    if b"\0" not in content:  # a picture or a graph holds no text to read
        assert not MACHINE_PATH.findall(content.decode("utf-8"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_one_version(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert packages
    assert not [p for p in packages if not re.fullmatch(r"[a-z0-9-]+==\d+(\.\d+)*", p)]


def test_pytorch_comes_without_cuda_where_its_index_can_be_reached():
    first = (ROOT / "requirements.txt").read_text("utf-8").splitlines()[0]
    assert first == "--extra-index-url https://download.pytorch.org/whl/cpu"
