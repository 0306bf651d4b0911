"""The layout as tests: who may import whom, what a task folder holds, how long a function may be.

Each rule reads the source, imports and all, so a file that is added tomorrow is held to it too.
"""

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import onnx
import pytest

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
CORE = sorted((ROOT / "core").rglob("*.py"))
FIGURES = sorted((ROOT / "core/figures").glob("*.py"))
PACKAGES = sorted((ROOT / "core").rglob("__init__.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
NO_PAGE = {path.name for path in (ROOT / "pages").glob("*.py")} - {"home.py"}
TESTS = sorted((ROOT / "tests").rglob("*.py"))
APP = [ROOT / "app.py", *PAGES]
TASKS = sorted(path.parent for path in ROOT.glob("core/*/inference.py"))
MANIFEST = json.loads((MODELS / "manifest.json").read_text("utf-8"))

TRAINING_FILES = ("model.py", "prepare.py", "train.py", "export.py")
TORCH_FILES = (*TRAINING_FILES, "graphs.py", "warm_start.py", "compare.py")
OPTIONAL_FILES = {
    *("inspection.py", "results.py", "weaknesses.py", "card.py", *TORCH_FILES[-3:]),
    "everyday.tsv",  # sentences of our own
}
TASK_FILES = {"__init__.py", "__main__.py", "inference.py", "evaluate.py", *TRAINING_FILES}
TORCH_PACKAGES = ("training", "gradients")
BENCHMARK = ROOT / "core/benchmark.py"
QUANTIZATION = ROOT / "core/training/quantization.py"
MEGABYTE = 1_000_000


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(name: str, paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(name, paths, ids=relative)


@cache
def imported_modules(path: Path) -> set[str]:
    """Return the dotted names that a file imports anywhere, in functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def imports(path: Path, module: str) -> bool:
    """Tell whether a file imports `module` or something inside it."""
    return any(f"{name}.".startswith(f"{module}.") for name in imported_modules(path))


def top_level_modules(paths: list[Path]) -> set[str]:
    return {name.partition(".")[0] for path in paths for name in imported_modules(path)}


def reached_from(paths: list[Path]) -> list[Path]:
    """Return `paths` and every file of core/ that they import, directly or through another."""
    reached, pending = set(), list(paths)
    while pending:
        path = pending.pop()
        if path in reached:
            continue
        reached.add(path)
        for name in imported_modules(path):
            parts = name.split(".")
            stems = [ROOT.joinpath(*parts[: i + 1]) for i in range(len(parts))]
            files = [f for s in stems for f in (s.with_suffix(".py"), s / "__init__.py")]
            pending += [f for f in files if f in CORE]
    return sorted(reached)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def num_lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


# Who may import whom


@each("path", [*CORE, *APP, *TESTS])
def test_imports_are_absolute(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]


@each("path", CORE)
def test_core_never_imports_streamlit(path):
    assert not imports(path, "streamlit")


@each("path", CORE)
def test_core_never_imports_the_app(path):
    assert not imports(path, "pages") and not imports(path, "app")


@each("path", [*CORE, *APP])
def test_torch_is_imported_only_where_networks_are_trained_and_exported(path):
    in_task = path.parent in TASKS and path.name in TORCH_FILES
    if not in_task and path.parent.name not in TORCH_PACKAGES and path != BENCHMARK:
        assert not imports(path, "torch") and not imports(path, "torchvision")


@each("path", [*CORE, *APP])
def test_one_file_opens_onnx_sessions(path):
    tools = {name for name in imported_modules(path) if name.startswith("onnxruntime")}
    if path == QUANTIZATION:
        tools = {name for name in tools if not name.startswith("onnxruntime.quantization")}
    assert not tools or path == ROOT / "core/onnx_model.py"


@each("task", TASKS)
def test_inference_and_its_command_line_never_import_the_training_side(task):
    walls = [f"core.{task.name}.{Path(name).stem}" for name in TORCH_FILES]
    for path in reached_from([task / "__init__.py", task / "inference.py", task / "__main__.py"]):
        crossed = [wall for wall in [*walls, "core.training.loop"] if imports(path, wall)]
        assert not crossed, f"{relative(path)} imports {crossed}"


def test_the_app_reaches_no_training_code():
    reached = {relative(path) for path in reached_from(APP)}
    assert not {name for name in reached if name.startswith("core/training/")}
    assert not {name for name in reached if Path(name).name in {*TORCH_FILES, "evaluate.py"}}
    assert relative(BENCHMARK) not in reached


@each("path", FIGURES)
def test_figures_know_no_task(path):
    assert not [task.name for task in TASKS if imports(path, f"core.{task.name}")]


WALK = """
import sys
from streamlit.testing.v1 import AppTest
import app
frame = AppTest.from_file("pages/frame.py", default_timeout=60).run()
for page in sys.argv[1:]:
    frame.switch_page(page).run()
    assert not frame.exception and len(frame.title) == 1, page
sys.exit(f"{page} imported torch" if "torch" in sys.modules else 0)
"""


def test_every_page_opens_without_torch():
    pages = [p for p in PAGES if p.name not in NO_PAGE]
    names = [path.relative_to(ROOT / "pages").as_posix() for path in pages]
    walk = [sys.executable, "-c", WALK, *names]
    done = subprocess.run(walk, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# What is installed


def pinned(requirements: str) -> set[str]:
    lines = (ROOT / requirements).read_text("utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line}


def distributions(modules: set[str]) -> set[str]:
    """Return who provides the modules; a module of our own or Python's has no provider."""
    providers = packages_distributions()
    own = sys.stdlib_module_names | {"app", "core", "pages", "tests", "conftest"}
    return {providers.get(m, [m])[0].lower().replace("_", "-") for m in modules - own}


def test_the_app_needs_nothing_that_requirements_txt_does_not_name():
    assert not distributions(top_level_modules(reached_from(APP))) - pinned("requirements.txt")


def test_requirements_dev_txt_names_everything_else():
    known = pinned("requirements.txt") | pinned("requirements-dev.txt")
    assert not distributions(top_level_modules([*APP, *CORE, *TESTS])) - known


# What a folder holds


def test_there_is_a_task():
    assert ROOT / "core/captioning" in TASKS


@each("task", TASKS)
def test_every_task_folder_has_the_same_files(task):
    found = {path.name for path in task.iterdir() if path.is_file()}
    assert found - OPTIONAL_FILES == TASK_FILES


@each("task", TASKS)
def test_every_task_has_a_page_a_model_and_tests(task):
    assert [page for page in PAGES if imports(page, f"core.{task.name}")]
    assert {"config.json", "MODEL_CARD.md"} <= {p.name for p in (MODELS / task.name).iterdir()}
    assert [
        path for path in (ROOT / "tests/core").rglob("test_*.py") if task.name in relative(path)
    ]


@each("path", PACKAGES)
def test_public_names_are_listed_in_order(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = [
        a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names
    ]
    listed = [
        n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__"
    ]
    public = ast.literal_eval(listed[0]) if listed else []
    assert public == sorted(imported)


# How long things may be


@each("path", [path for path in PAGES if path.name not in NO_PAGE])
def test_a_page_has_at_most_80_lines(path):
    assert num_lines(path) <= 80


@each("path", [*CORE, ROOT / "pages/contents.py"])
def test_a_file_has_at_most_250_lines(path):
    assert num_lines(path) <= 250


@each("path", [*CORE, *APP, *TESTS])
def test_a_function_has_at_most_50_lines_and_6_parameters(path):
    for function in functions(path):
        given = function.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        assert function.end_lineno - function.lineno < 50, function.name
        assert len(parameters) <= 6, function.name


# How pages behave


@each("path", [path for path in APP if path.name != "frame.py"])
def test_only_the_frame_catches_errors(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Try)]


@each("path", APP)
def test_no_html_is_written(path):
    tree = ast.parse(path.read_text("utf-8"))
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {"unsafe_allow_html", "unsafe_allow_javascript"} & keywords
    assert "html" not in calls


# What is shipped


def test_the_manifest_lists_every_model_file_and_no_other():
    files = {p.relative_to(MODELS).as_posix() for p in MODELS.rglob("*") if p.is_file()}
    assert set(MANIFEST) == files - {"manifest.json"}


@pytest.mark.parametrize("name", MANIFEST)
def test_a_model_file_is_the_one_that_was_exported(name):
    content = (MODELS / name).read_bytes()
    assert MANIFEST[name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert MANIFEST[name]["bytes"] == len(content) < 50 * MEGABYTE


@pytest.mark.parametrize("name", [name for name in MANIFEST if name.endswith(".onnx")])
def test_a_graph_is_whole_and_of_the_stated_opset(name):
    graph = onnx.load(MODELS / name, load_external_data=False)
    stated = {opset.version for opset in graph.opset_import if opset.domain in ("", "ai.onnx")}
    assert {MANIFEST[name]["opset"]} == stated
    assert not [t.name for t in graph.graph.initializer if t.external_data]


def test_all_models_together_stay_small():
    assert sum(entry["bytes"] for entry in MANIFEST.values()) < 120 * MEGABYTE
