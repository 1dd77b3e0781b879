"""`.venv`: filled once, and again only when something it depends on changed."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from bootstrap import interpreter
from bootstrap.console import Stop
from bootstrap.environment import prepare, read_stamp
from bootstrap.interpreter import base_interpreter, check_writable, create_venv
from bootstrap.place import Place

from tests.packaging.conftest import FakeMachine


def fill(machine: FakeMachine, *, named: str = "", place: Place | None = None) -> list[list[str]]:
    """Prepare, and give the steps that it took."""
    before = len(machine.commands)
    prepare(place or machine.place, named=named, ask=machine.ask, work=machine.work)
    return machine.commands[before:]


def test_the_first_run_does_everything_in_order(machine: FakeMachine) -> None:
    venv, build, engine, app, probe = fill(machine)
    assert venv[1:3] == ["-m", "venv"]
    assert build[3] == "wheel"
    assert engine[-1].endswith(".whl")
    assert app[-1] == f"{machine.place.root}[desktop,documents,engine,hub]"
    assert probe[-1] == "teahouse.engine.probe"


def test_the_second_run_does_nothing(machine: FakeMachine) -> None:
    fill(machine)
    assert fill(machine) == []


def test_extras_are_added_and_then_kept(machine: FakeMachine) -> None:
    fill(machine)
    (app,) = fill(machine, named="dev")
    assert app[-1].endswith("[desktop,dev,documents,engine,hub]")
    assert fill(machine) == []


def test_a_changed_project_installs_again_but_builds_nothing(machine: FakeMachine) -> None:
    fill(machine, named="dev")
    with machine.place.project.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    (app,) = fill(machine)
    assert app[-1].endswith("[desktop,dev,documents,engine,hub]")


def test_another_build_setting_is_another_wheel_and_stays(machine: FakeMachine) -> None:
    fill(machine)
    gpu = replace(machine.place, environ={"CMAKE_ARGS": "-DGGML_VULKAN=on"})
    steps = fill(machine, place=gpu)
    assert [step[3] for step in steps[:2]] == ["wheel", "install"]
    assert fill(machine) == []


def test_a_broken_venv_is_made_anew(machine: FakeMachine) -> None:
    fill(machine, named="dev")
    machine.place.python.unlink()
    steps = fill(machine)
    assert steps[0][1:3] == ["-m", "venv"]
    assert read_stamp(machine.place.stamp).extras == ["desktop", "documents", "engine", "hub"]


def test_a_copied_clone_does_not_use_the_other_one_s_venv(machine: FakeMachine, tmp_path: Path) -> None:
    fill(machine)
    moved = replace(machine.place, root=tmp_path / "moved")
    machine.place.root.rename(moved.root)
    machine.place = moved
    assert fill(machine)[0][1:3] == ["-m", "venv"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"other": 1}'])
def test_an_unreadable_stamp_counts_as_none(machine: FakeMachine, text: str) -> None:
    fill(machine)
    machine.place.stamp.write_text(text, encoding="utf-8")
    assert fill(machine) != []
    assert fill(machine) == []


def test_an_engine_that_fails_its_probe_is_not_ready(machine: FakeMachine) -> None:
    machine.failing = {"teahouse.engine.probe"}
    with pytest.raises(Stop):
        fill(machine)
    assert not machine.place.stamp.exists()
    machine.failing = set()
    assert machine.ran("wheel") == 1
    assert [step for step in fill(machine) if "wheel" in step] == []


def test_a_read_only_clone_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter.os, "access", lambda _path, _mode: False)
    with pytest.raises(Stop, match="is read-only"):
        check_writable(tmp_path)


def test_a_linked_venv_is_not_deleted(machine: FakeMachine, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    machine.place.venv.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Stop, match="is a link"):
        create_venv(machine.place, work=machine.work)
    assert (tmp_path / "elsewhere").is_dir()


def test_the_venv_module_is_asked_for_where_it_is_left_out(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr("bootstrap.system.is_root", lambda: False)
    monkeypatch.setattr("bootstrap.system.has_apt", lambda: True)
    machine.missing = {"xvfb"}
    monkeypatch.setattr("bootstrap.system.is_present", lambda _check: False)
    with pytest.raises(Stop, match=r"apt-get install .* python3\.\d+-venv xvfb"):
        prepare(machine.place, purposes=["tests"], ask=machine.ask, work=machine.work)
    assert machine.commands == []


def test_the_base_interpreter_is_outside_of_any_venv() -> None:
    assert base_interpreter().is_file()
    assert not (base_interpreter().parent.parent / "pyvenv.cfg").exists()
