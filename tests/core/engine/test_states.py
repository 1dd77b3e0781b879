from __future__ import annotations

import os
import stat
from array import array
from pathlib import Path

import pytest

from teahouse.engine import statefile
from teahouse.engine.cache import State
from teahouse.engine.states import States
from teahouse.ids import new_id

STATE = State(array("i", [1, -2, 300_000, 4]), bytes(range(256)) * 20)


@pytest.fixture
def states(home: Path) -> States:
    return States(home / "data" / "states")


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "茶 😀.state"
    size = statefile.write(file, STATE, key="k")
    assert size == file.stat().st_size
    found = statefile.read(file, key="k")
    assert found is not None
    assert (found.ids, found.data) == (STATE.ids, STATE.data)
    assert not file.with_suffix(".part").exists()


def test_another_key_gives_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.state"
    statefile.write(file, STATE, key="model 1")
    assert statefile.read(file, key="model 2") is None


def test_a_missing_file_gives_nothing(tmp_path: Path) -> None:
    assert statefile.read(tmp_path / "none.state", key="k") is None


def test_no_damaged_file_is_ever_taken_up(tmp_path: Path) -> None:
    """Every byte changed once, and every truncation: llama.cpp must never see it."""
    file = tmp_path / "a.state"
    statefile.write(file, STATE, key="k")
    whole = file.read_bytes()
    for place in [*range(0, 200), *range(200, len(whole), 37)]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert statefile.read(file, key="k") is None, place
        file.write_bytes(whole[:place])
        assert statefile.read(file, key="k") is None, place
    file.write_bytes(whole + b"x")
    assert statefile.read(file, key="k") is None


def test_a_failed_write_leaves_nothing_and_keeps_the_former(tmp_path: Path) -> None:
    file = tmp_path / "a.state"
    statefile.write(file, STATE, key="k")
    part = file.with_suffix(".part")
    part.mkdir()
    (part / "x").touch()
    with pytest.raises(OSError, match=r"a\.part"):
        statefile.write(file, State(array("i", [9]), b"new"), key="k")
    found = statefile.read(file, key="k")
    assert found is not None
    assert found.data == STATE.data


def test_the_folder_is_private(states: States) -> None:
    folder = states.prepare()
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("bad", ["", "..", "a/b", "../../etc/passwd", "0193", "X" * 36])
def test_only_real_ids_become_file_names(states: States, bad: str) -> None:
    with pytest.raises(ValueError, match="no conversation id"):
        states.path(bad, "key")


def filled(states: States, *ids: str) -> dict[str, list[Path]]:
    states.prepare()
    made = {one: [states.path(one, key) for key in ("k1", "k2")] for one in ids}
    for paths in made.values():
        for path in paths:
            path.write_bytes(b"x" * 1000)
    return made


def test_deleting_a_conversation_takes_its_states(states: States) -> None:
    one, two = new_id(), new_id()
    made = filled(states, one, two)
    half_written = made[one][0].with_suffix(".part")
    half_written.touch()
    states.delete(one)
    assert not any(path.exists() for path in [*made[one], half_written])
    assert all(path.exists() for path in made[two])


def test_states_of_conversations_that_are_gone_are_swept(states: States) -> None:
    one, two = new_id(), new_id()
    made = filled(states, one, two)
    states.keep_only([two])
    assert not any(path.exists() for path in made[one])
    assert all(path.exists() for path in made[two])


def test_the_oldest_states_go_when_there_are_too_many(states: States) -> None:
    ids = [new_id() for _ in range(3)]
    made = filled(states, *ids)
    for age, one in enumerate(ids):
        for path in made[one]:
            os.utime(path, (1_000_000 + age, 1_000_000 + age))
    states.limit(4500)
    assert [sum(path.exists() for path in made[one]) for one in ids] == [0, 2, 2]


def test_nothing_there_is_nothing_to_do(states: States) -> None:
    states.delete(new_id())
    states.keep_only([])
    states.limit(0)
    assert not states.folder.exists()
