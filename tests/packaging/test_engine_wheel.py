"""The engine's wheel: built once, whole or not at all, trusted after a probe."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bootstrap.console import Stop
from bootstrap.engine_wheel import install_wheel, provide_wheel, trust_wheel
from bootstrap.place import Place

from tests.packaging.conftest import ROOT, FakeMachine
from tests.packaging.test_recipe import RECIPE


def test_it_is_built_once(machine: FakeMachine) -> None:
    first = provide_wheel(RECIPE, machine.place, work=machine.work)
    second = provide_wheel(RECIPE, machine.place, work=machine.work)
    assert first == second == machine.place.wheels / RECIPE.key / first.name
    assert first.read_bytes() == b"a wheel"
    assert machine.ran("wheel") == 1


def test_another_recipe_is_another_build(machine: FakeMachine) -> None:
    provide_wheel(RECIPE, machine.place, work=machine.work)
    provide_wheel(replace(RECIPE, features=("avx512f",)), machine.place, work=machine.work)
    assert machine.ran("wheel") == 2


def test_the_build_never_takes_a_ready_wheel(machine: FakeMachine) -> None:
    provide_wheel(RECIPE, machine.place, work=machine.work)
    (command,) = machine.commands
    assert command[:4] == [str(machine.place.python), "-m", "pip", "wheel"]
    assert {"--no-deps", "--no-cache-dir"} <= set(command)
    assert command[command.index("--no-binary") + 1] == "llama-cpp-python"
    assert command[-1] == "llama-cpp-python==0.3.36"
    environ = machine.environs[0]
    assert environ["CMAKE_ARGS"] == "-DX=ON"
    assert int(environ["CMAKE_BUILD_PARALLEL_LEVEL"]) >= 1
    assert "MAKEFLAGS" not in environ


def test_a_failed_build_leaves_no_wheel(machine: FakeMachine) -> None:
    machine.failing = {"wheel"}
    with pytest.raises(Stop):
        provide_wheel(RECIPE, machine.place, work=machine.work)
    assert list(machine.place.wheels.rglob("*.whl")) == []
    folder = machine.place.wheels / RECIPE.key
    assert list(folder.iterdir()) == []
    (folder / "building-killed").mkdir()
    machine.failing = set()
    assert provide_wheel(RECIPE, machine.place, work=machine.work).is_file()
    assert list(folder.glob("building-*")) == []


def test_it_is_installed_over_the_same_version(machine: FakeMachine) -> None:
    install_wheel(Path("some.whl"), machine.place, work=machine.work)
    assert machine.commands[0][3:] == ["install", "--no-deps", "--force-reinstall", "some.whl"]


def test_it_is_probed_until_it_is_trusted(machine: FakeMachine) -> None:
    wheel = provide_wheel(RECIPE, machine.place, work=machine.work)
    machine.failing = {"teahouse.engine.probe"}
    with pytest.raises(Stop, match="does not run on this machine"):
        trust_wheel(wheel, machine.place, work=machine.work)
    assert machine.ran("teahouse.engine.probe") == 2
    assert not (wheel.parent / "trusted.json").exists()

    machine.failing = set()
    assert trust_wheel(wheel, machine.place, work=machine.work) == {"extra_buffers": True}
    assert trust_wheel(wheel, machine.place, work=machine.work) == {"extra_buffers": True}
    assert machine.ran("teahouse.engine.probe") == 3


def test_it_is_trusted_without_extra_buffers_where_only_that_works(machine: FakeMachine) -> None:
    wheel = provide_wheel(RECIPE, machine.place, work=machine.work)

    def work(command: list[str], **options: object) -> None:
        if "--no-extra-buffers" not in command:
            raise Stop("crashed")

    assert trust_wheel(wheel, machine.place, work=work) == {"extra_buffers": False}
    assert json.loads((wheel.parent / "trusted.json").read_text(encoding="utf-8")) == {"extra_buffers": False}


BUILDER = """
import sys, time
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
from tests.packaging.test_engine_wheel import RECIPE
from bootstrap.engine_wheel import provide_wheel
from bootstrap.place import Place
place = Place(Path(sys.argv[3]), Path(sys.argv[3]), {})
def work(command, **options):
    with open(sys.argv[3] + "/builds", "a") as log:
        log.write("x")
    time.sleep(1)
    folder = Path(command[command.index("--wheel-dir") + 1])
    (folder / "a.whl").write_bytes(b"whole")
print(provide_wheel(RECIPE, place, work=work).read_bytes())
"""


def test_two_builds_at_once_are_one(tmp_path: Path, place: Place) -> None:
    command = [sys.executable, "-c", BUILDER, str(ROOT), str(ROOT / "packaging"), str(tmp_path)]
    builders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    deadline = time.monotonic() + 60
    texts = [builder.communicate(timeout=deadline - time.monotonic())[0] for builder in builders]
    assert all("b'whole'" in text for text in texts)
    assert (tmp_path / "builds").read_text(encoding="utf-8") == "x"
    assert sum("waiting for it" in text for text in texts) == 1
