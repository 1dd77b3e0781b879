"""A damaged database: the app starts, what can be read is saved into a new file, and the old one is kept."""

from __future__ import annotations

import random
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from teahouse.errors import StoreDamaged, StoreError
from teahouse.jobs import Cancel
from teahouse.store import Salvaged, Store
from teahouse.store.salvage import salvage
from teahouse.store.tables import TABLES
from tests.core.store.damage import PAGE, damage_pages, fill, pages_of, rows_by_page, scan
from tests.core.store.samples import Spawn, raw
from tests.core.store.test_backups import run

COPIES = 100


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("good") / "teahouse.db"
    fill(file)
    return file.read_bytes()


@pytest.fixture
def damageable(file: Path, good: bytes) -> Path:
    file.parent.mkdir(parents=True)
    file.write_bytes(good)
    return file


def is_found_damaged(file: Path) -> bool:
    """Whether opening says that the file is damaged: by an error, or by only reading it."""
    try:
        store = Store(file)
    except StoreDamaged as error:
        assert error.hint and error.data["path"] == str(file)
        return True
    with closing(store), suppress(StoreDamaged):
        store.conversations()
    return store.is_read_only


def check(file: Path) -> None:
    """The new database is sound, can be written, and everything in it can be read."""
    store = Store(file)
    assert not store.is_read_only and store.health.state == "sound"
    for conversation in store.conversations():
        assert store.whole(conversation.id).conversation == conversation
        store.visible_path(conversation.id)
    store.add_message(store.create_conversation().id, "user", "goes on")
    store.close()
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_hundred_damaged_copies_lose_no_row_that_can_be_read(damageable: Path, good: bytes) -> None:
    """Neither one that SQLite's scan reads, nor one on any page that is whole: `.recover` reads no other."""
    chance = random.Random(8)
    on_pages, all_rows = rows_by_page(damageable), scan(damageable)
    assert {name: set().union(*found.values()) for name, found in on_pages.items()} == all_rows
    found_damaged = fewer = 0
    for copy in range(COPIES):
        damageable.write_bytes(good)
        pages = chance.sample(range(1, len(good) // PAGE + 1), chance.choice([1, 1, 2, 5, 20]))
        pages += [1] if copy % 10 == 0 else []
        damage_pages(damageable, pages, chance.choice([bytes, chance.randbytes]))
        bad, readable = damageable.read_bytes(), scan(damageable)
        found_damaged += is_found_damaged(damageable)
        assert damageable.read_bytes() == bad
        saved = run(salvage(damageable, Cancel()))
        assert saved.aside.read_bytes() == bad
        if copy % 5 == 0:
            check(damageable)
        found = scan(damageable)
        for table in TABLES:
            whole = [keys for page, keys in on_pages[table.name].items() if page not in pages]
            wanted = readable[table.name].intersection(all_rows[table.name]).union(*whole)
            lost = wanted - found[table.name]
            # The bytes of a file must have its hash, and a link to a lost file is of no use.
            assert not lost or table.name in ("attached", "attachment"), (copy, table.name, lost)
        fewer += len(readable["message"]) < len(found["message"])
    assert found_damaged >= 60 and fewer >= 20, "the damage was too small to show anything"


def test_what_lies_behind_a_damaged_page_is_saved_too(damageable: Path) -> None:
    leaves = pages_of(damageable, "message")
    assert len(leaves) > 7
    damage_pages(damageable, [leaves[2], leaves[-3]], bytes)
    plain = len(scan(damageable)["message"])
    saved = run(salvage(damageable, Cancel()))
    assert plain < 150 < 180 < saved.rows["message"] <= 240
    # The texts of the lost ones are there, in messages that stand for them.
    assert saved.rows["part"] == 280 and saved.placeholders > 5
    check(damageable)


def test_a_lost_root_of_the_tables_loses_no_row(damageable: Path, good: bytes) -> None:
    damageable.write_bytes(bytes(PAGE) + good[PAGE:])
    with pytest.raises(StoreError):
        Store(damageable)
    saved = run(salvage(damageable, Cancel()))
    assert saved.rows == {
        "conversation": 40, "message": 240, "part": 280, "generation": 120,
        "attachment": 40, "attached": 40, "tag": 80, "prompt": 40,
    }  # fmt: skip
    check(damageable)
    store = Store(damageable)
    path = store.visible_path(next(c.id for c in store.conversations() if c.title == "c7 茶"))
    assert [message.text for message in path[:2]] == ["question 7 0 " * 2, "answer 7 0"]
    assert path[4].text == "question 7 2 " * 200
    store.close()


def test_what_is_lost_but_referred_to_comes_from_the_backup(file: Path) -> None:
    fill(file)
    store = Store(file)
    run(store.back_up(Cancel()))
    kept = store.conversations()[20]
    store.add_message(kept.id, "user", "written after the backup")
    before = {c.id: store.whole(c.id).messages for c in store.conversations()}
    store.close()
    damage_pages(file, pages_of(file, "message")[3:6] + pages_of(file, "conversation")[1:2], bytes)
    saved = run(salvage(file, Cancel()))
    assert saved.from_backups > 20 and saved.placeholders == 0
    again = Store(file)
    assert {c.id: again.whole(c.id).messages for c in again.conversations()} == before
    again.close()


def test_a_store_salvages_itself_and_goes_on(damageable: Path) -> None:
    damage_pages(damageable, pages_of(damageable, "generation")[1:3], bytes)
    store = Store(damageable)
    assert store.is_read_only
    saved = run(store.salvage(Cancel()))
    assert isinstance(saved, Salvaged) and saved.rows["message"] == 240 and saved.rows["generation"] < 120
    assert not store.is_read_only and store.health.state == "sound"
    store.create_conversation(title="goes on")
    assert len(store.conversations()) == 41
    store.close()


def test_a_stopped_salvage_changes_nothing(damageable: Path) -> None:
    damage_pages(damageable, pages_of(damageable, "message")[1:2], bytes)
    before = damageable.read_bytes()
    cancel = Cancel()
    cancel.set()
    assert run(salvage(damageable, cancel)) is None
    work = salvage(damageable, Cancel())
    next(work)
    next(work)
    work.close()
    assert damageable.read_bytes() == before
    assert not list(damageable.parent.glob("*.salvaged*")) and not (damageable.parent / "set-aside").exists()


def test_a_killed_salvage_leaves_the_damaged_database_or_the_new_one(damageable: Path, spawn: Spawn) -> None:
    damage_pages(damageable, pages_of(damageable, "generation")[1:3], bytes)
    bad = damageable.read_bytes()
    chance = random.Random(3)
    for wait_s in [0, 0.03, 0.06, *(chance.uniform(0, 0.25) for _ in range(6)), 5]:
        damageable.write_bytes(bad)
        child = spawn("salvage_it", damageable)
        child.read()
        end = time.monotonic() + wait_s
        while time.monotonic() < end and child.process.poll() is None:
            time.sleep(0.005)
        child.kill()
        if damageable.read_bytes() != bad:
            check(damageable)
    aside = list((damageable.parent / "set-aside").iterdir())
    assert aside and all(path.read_bytes() == bad for path in aside)
    assert damageable.read_bytes() != bad and len(scan(damageable)["message"]) == 241


def test_what_another_process_uses_is_left_alone(file: Path, spawn: Spawn) -> None:
    child = spawn("stream", file)
    child.read()
    with pytest.raises(StoreError, match="Another window or terminal"):
        run(salvage(file, Cancel()))
    assert not (file.parent / "set-aside").exists()
    child.kill()


def test_what_only_the_log_has_is_saved(file: Path, spawn: Spawn) -> None:
    fill(file, 3)
    child = spawn("stream", file)
    child.read()
    child.kill()
    data = file.read_bytes()
    file.write_bytes(bytes(PAGE) + data[PAGE:])
    run(salvage(file, Cancel()))
    store = Store(file)
    assert store.visible_path(store.conversations()[0].id)[-1].text == "half an ans"
    assert len(store.conversations()) == 4
    store.close()


@pytest.mark.parametrize(
    "content", [b"", b"x", b"SQLite format 3\0" + bytes(4080), random.Random(2).randbytes(50_000)]
)
def test_where_nothing_can_be_read_the_new_one_is_empty_and_the_old_one_kept(
    file: Path, content: bytes
) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    saved = run(salvage(file, Cancel()))
    assert set(saved.rows.values()) == {0} and saved.aside.read_bytes() == content
    check(file)
