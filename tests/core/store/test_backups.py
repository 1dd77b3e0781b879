"""Backups are made while the store is used, thinned out with age, and restored; nothing is overwritten."""

from __future__ import annotations

import os
import random
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import StoreDamaged, StoreError
from teahouse.jobs import Cancel
from teahouse.store import Store, backups, restoring
from tests.core.store.samples import Spawn, make_generation, raw

T0 = datetime(2026, 1, 1, 12, tzinfo=UTC)


def run(work: Generator[Any, None, Any]) -> Any:
    """The result of work."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def fill(store: Store, count: int = 3) -> None:
    for number in range(count):
        made = store.create_conversation(title=f"c{number}")
        store.add_message(made.id, "user", "question " * 500)
        reply = store.add_message(made.id, "assistant", "answer", state="streaming")
        store.finish_message(reply.id, "complete", generation=make_generation(reply.id))


def titles(store: Store) -> list[str]:
    return [conversation.title for conversation in store.conversations()]


def moments(days: list[float]) -> list[int]:
    return [int((T0 + timedelta(days=day)).timestamp() * 1000) for day in days]


def pretend(file: Path, made_ms: int) -> Path:
    """A backup of another day."""
    source = backups.list_all(file)[0].path
    path = source.with_name(f"teahouse-{backups.stamp(made_ms)}.db")
    path.write_bytes(source.read_bytes())
    return path


# --- making -----------------------------------------------------------------------------------------


def test_a_backup_has_what_was_there_and_says_so(store: Store, file: Path) -> None:
    assert store.is_backup_due and store.backups() == []
    fill(store)
    made = run(store.back_up(Cancel()))
    assert store.backups() == [made] and not store.is_backup_due
    assert made.conversations == 3 and made.size_bytes == made.path.stat().st_size > 4096
    assert not made.is_before_migration
    assert [path.name for path in (file.parent / "backups").iterdir()] == [made.path.name]
    with raw(made.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_it_is_one_moment_of_the_store_though_others_write_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 40)
    monkeypatch.setattr(backups, "PAGES_A_STEP", 4)
    steps = []

    class Writing(Cancel):
        def is_set(self) -> bool:
            steps.append(store.create_conversation(title="meanwhile"))
            return False

    made = run(store.back_up(Writing()))
    assert len(steps) > 20 and made.conversations == 40


def test_a_stopped_backup_leaves_nothing(store: Store, file: Path) -> None:
    fill(store)
    cancel = Cancel()
    cancel.set()
    assert run(store.back_up(cancel)) is None
    assert list((file.parent / "backups").iterdir()) == [] and store.is_backup_due


def test_a_day_later_the_next_is_due_and_a_clock_that_jumped_back_hides_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store.back_up(Cancel()))
    now = backups.now_ms()
    for hours, is_due in ((23, False), (25, True), (-23, False), (-25, True)):
        monkeypatch.setattr(backups, "now_ms", lambda hours=hours: now + hours * 3_600_000)
        assert store.is_backup_due is is_due


def test_a_damaged_database_is_no_backup_and_the_older_ones_stay(store: Store, file: Path) -> None:
    fill(store, 30)
    made = run(store.back_up(Cancel()))
    store.close()
    data = bytearray(file.read_bytes())
    data[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    file.write_bytes(data)
    with pytest.raises(StoreDamaged):
        run(backups.back_up(file, Cancel()))
    assert backups.list_all(file) == [made]
    assert [path.name for path in (file.parent / "backups").iterdir()] == [made.path.name]


# --- thinning out -----------------------------------------------------------------------------------


def test_a_year_of_daily_backups_keeps_seven_days_four_weeks_and_six_months() -> None:
    kept: list[int] = []
    for day in range(365):
        kept = backups.choose_kept([*kept, *moments([day])])
    days = [round((time_ms / 1000 - T0.timestamp()) / 86400) for time_ms in kept]
    assert days[:7] == list(range(364, 357, -1))
    dates = [T0 + timedelta(days=day) for day in days]
    assert len({date.strftime("%G-%V") for date in dates}) >= 4
    assert len({date.strftime("%Y-%m") for date in dates}) == 6
    assert 12 <= len(kept) <= 7 + 4 + 6


def test_several_of_one_day_leave_the_newest() -> None:
    times = moments([0, 0.1, 0.2, 0.3])
    assert backups.choose_kept(times) == [times[-1]]


def test_backups_do_not_go_because_the_app_was_not_used(store: Store) -> None:
    times = moments([0, 400, 800])
    assert sorted(backups.choose_kept(times)) == times


@pytest.mark.parametrize("seed", range(20))
def test_the_newest_is_always_kept_and_thinning_again_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    times = moments([chance.uniform(0, 500) for _ in range(chance.randint(1, 60))])
    kept = backups.choose_kept(times)
    assert max(times) in kept and set(kept) <= set(times) and backups.choose_kept(kept) == kept


def test_a_new_backup_drops_what_is_no_longer_kept_and_leaves_other_files(store: Store, file: Path) -> None:
    run(store.back_up(Cancel()))
    dropped = pretend(file, backups.now_ms() - 60_000 if datetime.now(UTC).hour else backups.now_ms() - 1000)
    kept = pretend(file, backups.now_ms() - 40 * backups.DAY_MS)
    own = file.parent / "backups" / "my own copy.db"
    own.write_bytes(b"x")
    abandoned, running = (own.with_name(f"{name}.part") for name in ("abandoned", "running"))
    for half in (abandoned, running):
        half.write_bytes(b"x")
    os.utime(abandoned, (0, 0))
    before = [
        pretend(file, number).rename(own.with_name(f"before-schema-2-20260101T00000{number}.000Z.db"))
        for number in range(5)
    ]
    run(store.back_up(Cancel()))
    assert not dropped.exists() and kept.exists() and own.exists()
    assert not abandoned.exists() and running.exists()
    assert [path.exists() for path in before] == [False, False, True, True, True]
    assert sum(backup.is_before_migration for backup in store.backups()) == 3


# --- restoring --------------------------------------------------------------------------------------


def test_a_restored_backup_is_what_was_saved_and_what_was_there_is_set_aside(
    store: Store, file: Path
) -> None:
    fill(store)
    made = run(store.back_up(Cancel()))
    store.create_conversation(title="after")
    aside = store.restore_backup(made.path)
    assert titles(store) == ["c2", "c1", "c0"] and not store.is_read_only
    store.create_conversation(title="goes on")
    assert aside is not None
    old = Store(aside)
    assert titles(old) == ["after", "c2", "c1", "c0"]
    old.close()
    assert store.restore_backup(aside) != aside
    assert titles(store) == ["after", "c2", "c1", "c0"] and made.path.exists()


@pytest.mark.parametrize("content", [b"", b"Dear diary", "newer", "damaged"])
def test_what_is_no_sound_backup_changes_nothing(store: Store, file: Path, content: bytes | str) -> None:
    fill(store, 30)
    bad = run(store.back_up(Cancel())).path
    if content == "newer":
        with raw(bad) as connection:
            connection.execute("PRAGMA user_version = 99")
    elif content == "damaged":
        data = bytearray(bad.read_bytes())
        data[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
        bad.write_bytes(data)
    else:
        bad.write_bytes(content)  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.restore_backup(bad)
    assert len(titles(store)) == 30 and not (file.parent / "set-aside").exists()
    store.create_conversation(title="goes on")


def test_another_process_that_uses_the_database_keeps_it(store: Store, file: Path, spawn: Spawn) -> None:
    made = run(store.back_up(Cancel()))
    child = spawn("stream", file)
    child.read()
    with pytest.raises(StoreError, match="Another window or terminal"):
        store.restore_backup(made.path)
    assert len(titles(store)) == 1
    child.kill()
    store.restore_backup(made.path)
    assert titles(store) == []


def test_a_log_that_was_left_does_not_spoil_what_is_restored(file: Path, spawn: Spawn) -> None:
    store = Store(file)
    fill(store)
    made = run(store.back_up(Cancel()))
    store.close()
    child = spawn("stream", file)
    child.read()
    child.kill()
    assert file.with_name("teahouse.db-wal").stat().st_size
    aside = restoring.restore(file, made.path)
    again = Store(file)
    assert titles(again) == ["c2", "c1", "c0"]
    again.close()
    assert aside is not None
    old = Store(aside)
    assert len(titles(old)) == 4
    old.close()


def test_a_kill_while_restoring_leaves_the_old_database_or_the_new_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(file)
    fill(store)
    made = run(store.back_up(Cancel()))
    store.create_conversation(title="after")
    store.close()
    seen = set()
    for call in range(10):
        calls = 0

        def dying(self: Path, *values: Any, real: Any, limit: int = call, **more: Any) -> Any:
            nonlocal calls
            # The lock of a writer that was killed goes with its process.
            calls += not str(self).endswith(".lock")
            if calls > limit:
                raise KeyboardInterrupt
            return real(self, *values, **more)

        with monkeypatch.context() as patch:
            for owner, name in ((Path, "unlink"), (Path, "replace"), (os, "link"), (os, "fsync")):
                real = getattr(owner, name)
                patch.setattr(owner, name, lambda *v, real=real, **m: dying(*v, real=real, **m))
            try:
                restoring.restore(file, made.path)
            except KeyboardInterrupt:
                seen.add("died")
        again = Store(file)
        seen.add(str(len(titles(again))))
        assert titles(again)[-3:] == ["c2", "c1", "c0"]
        again.close()
    assert seen == {"died", "3", "4"}


def test_a_list_of_backups_survives_files_that_are_none(store: Store, file: Path) -> None:
    run(store.back_up(Cancel()))
    (file.parent / "backups" / "teahouse-20260101T000000.000Z.db").write_bytes(
        b"SQLite format 3\0" + bytes(500)
    )
    assert [backup.conversations for backup in store.backups()] == [0, None]
