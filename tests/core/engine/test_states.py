from __future__ import annotations

import os
import stat
from array import array
from pathlib import Path

import pytest

from teahouse.engine import statefile
from teahouse.engine.cache import State
from teahouse.engine.states import States
from teahouse.errors import AppError
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among files here")
def test_what_is_no_plain_file_is_never_opened_for_long(tmp_path: Path) -> None:
    """A pipe would let the child wait for ever, a link would lead elsewhere."""
    pipe, link, real = tmp_path / "a.state", tmp_path / "b.state", tmp_path / "c.state"
    os.mkfifo(pipe)
    statefile.write(real, STATE, key="k")
    link.symlink_to(real)
    for path in (pipe, link, Path("/dev/zero"), tmp_path):
        assert statefile.read(path, key="k") is None


def test_a_header_nested_without_end_is_no_state(tmp_path: Path) -> None:
    file = tmp_path / "a.state"
    file.write_bytes(statefile.MAGIC + b"[" * 4000 + b"\n")
    assert statefile.read(file, key="k") is None


def test_a_state_is_readable_by_its_owner_only_and_its_key_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "a.state"
    statefile.write(file, STATE, key="a long key " * 1000)
    assert statefile.read(file, key="a long key " * 1000) is not None
    assert b"a long key" not in file.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


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
    folder = states.prepare("model")
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_model_s_name_leads_nowhere_else(states: States) -> None:
    with pytest.raises(AppError, match="outside"):
        states.prepare("../elsewhere")


def test_what_was_never_finished_is_swept(states: States) -> None:
    one = new_id()
    part = filled(states, one)[one][0].with_suffix(".part")
    part.touch()
    states.keep_only([one])
    assert not part.exists()


@pytest.mark.parametrize("bad", ["", "..", "a/b", "../../etc/passwd", "0193", "X" * 36])
def test_only_real_ids_become_file_names(states: States, bad: str) -> None:
    with pytest.raises(ValueError, match="no conversation id"):
        states.path(bad, "model", "key")


def filled(states: States, *ids: str) -> dict[str, list[Path]]:
    for key in ("k1", "k2"):
        states.prepare(f"model{key}")
    made = {one: [states.path(one, f"model{key}", key) for key in ("k1", "k2")] for one in ids}
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
