"""What training is measured against has an environment of its own, and only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bench import command
from bench.lessons import LENGTH, lesson
from bench.measurements import BY_NAME_ONLY, MEASUREMENTS
from bench.training import measure
from bootstrap.console import Stop
from bootstrap.extras import read_extras
from bootstrap.peers import REQUIREMENTS, provide_peers

from tests.packaging.conftest import FakeMachine


class PeersMachine(FakeMachine):
    """One whose new environments lie where they are asked for."""

    def work(self, command: list[str], *, title: str, log: Path, environ: dict[str, str]) -> None:  # type: ignore[override]
        if "venv" not in command:
            return super().work(command, title=title, log=log, environ=environ)
        self.commands.append(command)
        return Path(command[-1]).mkdir(parents=True)


@pytest.fixture
def machine(machine: FakeMachine) -> PeersMachine:
    return PeersMachine(machine.place)


def test_they_are_installed_once_and_outside_of_the_clone(machine: PeersMachine) -> None:
    python = provide_peers(machine.place, work=machine.work)
    assert python.is_relative_to(machine.place.cache) and machine.ran("transformers==5.23.0") == 1
    assert provide_peers(machine.place, work=machine.work) == python and len(machine.commands) == 2


def test_a_failed_installation_is_made_anew(machine: PeersMachine) -> None:
    machine.failing = {"install"}
    with pytest.raises(Stop):
        provide_peers(machine.place, work=machine.work)
    machine.failing = set()
    provide_peers(machine.place, work=machine.work)
    assert machine.ran("install") == 2


def test_none_of_them_is_an_extra_but_torch_the_same(machine: PeersMachine) -> None:
    extras = read_extras(machine.place.project)
    ours = {item.partition(";")[0] for items in extras.values() for item in items}
    assert ours & set(REQUIREMENTS) == {"torch==2.13.0"}


def test_they_are_measured_by_name_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken: list[str] = []

    def pretend(name: str) -> Callable[[object, object], list[object]]:
        def measured(_plan: object, _say: object) -> list[object]:
            """What would be measured."""
            taken.append(name)
            return []

        return measured

    for name in MEASUREMENTS:
        monkeypatch.setitem(MEASUREMENTS, name, pretend(name))
    assert command.main(["--model", "m.gguf", "--output", str(tmp_path / "m.json")]) == 0
    assert set(taken) == set(MEASUREMENTS) - BY_NAME_ONLY and "training" not in taken


def test_without_them_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEAHOUSE_PEERS", raising=False)
    with pytest.raises(RuntimeError, match="make bench-train"):
        measure(Path("m.gguf"), 1, lambda _text: None)


def test_both_sides_learn_the_same_lessons() -> None:
    ids, flags = lesson(3, share=0.2)
    assert (ids, flags) == lesson(3, share=0.2) and ids != lesson(4, share=0.2)[0]
    assert len(ids) == len(flags) == LENGTH and sum(flags) == 51
