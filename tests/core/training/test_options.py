"""Dataclasses as command lines, held against hand-written expectations."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.training.options import from_command_line, train_from_command_line, write_run


@dataclass(frozen=True)
class Example:
    """Options of an example run."""

    data: str = ""
    num_epochs: int = 20
    learning_rate: float = 1e-3
    resume: bool = False
    mirror: bool = True

    def __post_init__(self) -> None:
        if self.num_epochs < 1:
            raise ValueError(f"{self.num_epochs=} is below 1")


def test_without_flags_every_field_keeps_its_default():
    assert from_command_line(Example, []) == Example("", 20, 0.001, False, True)


def test_flags_are_field_names_with_hyphens_and_change_only_their_field():
    options = from_command_line(Example, ["--num-epochs", "3"])
    assert options == Example(num_epochs=3)


@pytest.mark.parametrize(
    ("argv", "field", "expected"),
    [
        (["--data", "some folder"], "data", "some folder"),
        (["--num-epochs=7"], "num_epochs", 7),
        (["--learning-rate", "2"], "learning_rate", 2.0),
        (["--resume"], "resume", True),
        (["--no-resume"], "resume", False),
        (["--mirror"], "mirror", True),
        (["--no-mirror"], "mirror", False),
    ],
)
def test_values_arrive_with_the_type_of_their_default(argv, field, expected):
    value = getattr(from_command_line(Example, argv), field)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["--epochs", "3"], "unrecognized arguments: --epochs"),
        (["--num-epochs", "many"], "argument --num-epochs: invalid int value: 'many'"),
        (["--num-epochs", "2.5"], "argument --num-epochs: invalid int value: '2.5'"),
        (["--learning-rate"], "argument --learning-rate: expected one argument"),
        (["photo.jpg"], "unrecognized arguments: photo.jpg"),
    ],
)
def test_a_wrong_command_line_leaves_with_a_complaint(argv, complaint, capsys):
    with pytest.raises(SystemExit) as leaving:
        from_command_line(Example, argv)
    assert leaving.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_value_that_the_dataclass_refuses_is_refused_on_the_command_line():
    with pytest.raises(ValueError, match="num_epochs=0 is below 1"):
        from_command_line(Example, ["--num-epochs", "0"])


@pytest.mark.parametrize(
    ("flag", "default"),
    [("num-epochs", "20"), ("learning-rate", "0.001"), ("resume", "False"), ("mirror", "True")],
)
def test_help_says_what_the_run_is_and_shows_every_default(flag, default, capsys):
    with pytest.raises(SystemExit) as leaving:
        from_command_line(Example, ["--help"])
    assert leaving.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Options of an example run." in shown
    options = shown.partition("options:")[2]
    assert re.search(rf"--{flag}(, --no-{flag})? [^-]*\(default: {re.escape(default)}\)", options)


def test_the_words_of_the_process_are_read_when_none_are_given(monkeypatch):
    monkeypatch.setattr("sys.argv", ["train.py", "--num-epochs", "5"])
    assert from_command_line(Example).num_epochs == 5


@dataclass(frozen=True)
class Run:
    work: str = "kept"
    dry_run: bool = False
    size: int = 3


def test_a_dry_run_works_in_a_folder_that_is_gone_afterwards(monkeypatch):
    seen = []
    monkeypatch.setattr("sys.argv", ["train", "--dry-run"])
    train_from_command_line(Run, lambda o: seen.append((o, Path(o.work).is_dir())), size=1)
    ((options, was_there),) = seen
    assert was_there and not Path(options.work).exists()
    assert options.dry_run and options.size == 1


def test_a_real_run_gets_its_options_unchanged(monkeypatch):
    seen = []
    monkeypatch.setattr("sys.argv", ["train", "--size", "5"])
    train_from_command_line(Run, seen.append, size=1)
    assert seen == [Run(size=5)]


def test_a_run_is_written_with_the_sizes_of_its_networks(tmp_path):
    write_run(tmp_path / "new", Run(), network=Run(size=7))
    written = json.loads((tmp_path / "new" / "run.json").read_text())
    usual = {"work": "kept", "dry_run": False}
    assert written == {"options": {**usual, "size": 3}, "network": {**usual, "size": 7}}
