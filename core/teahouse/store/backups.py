"""Copies of the database beside it: one a day, thinned out as they grow old, and one before each migration.

A copy is one plain file, checked before an older one gives way to it.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.store import health, migrations
from teahouse.store.connections import connect, connect_read_only
from teahouse.store.words import damaged, errors_in_words

FOLDER = "backups"

DAILY, WEEKLY, MONTHLY = 7, 4, 6
"""How many days, weeks and months keep their newest copy."""

KEPT_BEFORE_MIGRATION = 3

DAY_MS = 24 * 60 * 60 * 1000

PAGES_A_STEP = 256

NAME = re.compile(r"(teahouse|before-schema-\d+)-(\d{8}T\d{6})\.(\d{3})Z(-\d+)?\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database; `conversations` is None where they cannot be counted."""

    path: Path
    made_ms: int
    size_bytes: int
    conversations: int | None
    is_before_migration: bool = False


class _Stopped(Exception):
    """The person stopped the copy; raised inside SQLite's loop."""


# --- making -----------------------------------------------------------------------------------------


def back_up(file: Path, cancel: Cancel) -> Generator[str, None, Backup | None]:
    """Copy the database while it is used, then drop the copies that are no longer kept.

    Returns:
        The copy; None when it was stopped.

    Raises:
        StoreError: The copy cannot be written, or the database is damaged (StoreDamaged); the older
            copies are all kept then.
    """
    yield _("Saving a copy of the conversations")
    with errors_in_words(file):
        target = _new_name(file, "teahouse")
        part = target.with_suffix(".part")
        try:
            if not _copy(file, part, cancel):
                return None
            keep(part, target)
        finally:
            part.unlink(missing_ok=True)
        thin_out(file, made=target)
        return read(target)


def copy_before_migration(connection: sqlite3.Connection, file: Path, version: int) -> None:
    """Copy a database as it is before it is brought up to date."""
    target = _new_name(file, f"before-schema-{version + 1}")
    part = target.with_suffix(".part")
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
        keep(part, target)
    finally:
        part.unlink(missing_ok=True)
    thin_out(file, made=target)


def is_due(file: Path) -> bool:
    """Whether no copy was made within a day of now; those that a wrong clock dates later do not count."""
    now = now_ms()
    return all(is_before or abs(now - made) > DAY_MS for _path, made, is_before in _list(file))


def keep(part: Path, target: Path) -> None:
    """Give a finished file its name, for good also after a power cut."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows does that by itself and opens no folders."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def stamp(time_ms: int) -> str:
    """A moment as part of a file's name, UTC to the millisecond."""
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y%m%dT%H%M%S}.{time_ms % 1000:03}Z"


def free_name(folder: Path, name: str, suffix: str) -> Path:
    """A path in a folder that nothing has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / f"{name}{suffix}", 1
    while path.exists() or path.with_suffix(".part").exists():
        path, number = folder / f"{name}-{number}{suffix}", number + 1
    return path


def _new_name(file: Path, kind: str) -> Path:
    return free_name(file.parent / FOLDER, f"{kind}-{stamp(now_ms())}", ".db")


def _copy(file: Path, part: Path, cancel: Cancel) -> bool:
    """Copy by SQLite's own means and check the copy; False when stopped."""

    def step(_status: int, _remaining: int, _total: int) -> None:
        if cancel.is_set():
            raise _Stopped

    with closing(connect_read_only(file)) as source, closing(connect(str(part))) as target:
        # One snapshot, or each message that is saved meanwhile would begin the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            source.backup(target, pages=PAGES_A_STEP, progress=step)
        except _Stopped:
            return False
        target.execute("PRAGMA journal_mode = DELETE")
        if problems := health.find_broken_pages(target):
            raise damaged(file, problems[0])
    return True


# --- finding and dropping ---------------------------------------------------------------------------


def list_all(file: Path) -> list[Backup]:
    """Every copy of a database, newest first."""
    found: list[Backup] = []
    for path, _made, _is_before in _list(file):
        with suppress(FileNotFoundError):  # another process has thinned them out meanwhile
            found.append(read(path))
    return found


def thin_out(file: Path, *, made: Path | None = None) -> None:
    """Remove the copies that no day, week or month keeps.

    Args:
        made: The one that was just made, which stays whatever the clock says.
    """
    found = _list(file)
    surplus = [path for path, _made, is_before in found if is_before][KEPT_BEFORE_MIGRATION:]
    surplus += _list_surplus([(path, at) for path, at, is_before in found if not is_before])
    surplus += _list_abandoned(file)
    for path in surplus:
        # One that cannot be removed now can be the next time.
        with suppress(OSError):
            if path != made:
                path.unlink(missing_ok=True)


def _list_surplus(daily: Sequence[tuple[Path, int]]) -> list[Path]:
    # Copies that a wrong clock dates later than now do not push out those with right dates.
    latest = now_ms() + DAY_MS
    past, later = ([at for _path, at in daily if (at > latest) == is_later] for is_later in (False, True))
    kept = {*choose_kept(past), *choose_kept(later)}
    return [path for path, at in daily if at not in kept]


def _list_abandoned(file: Path) -> list[Path]:
    """Half copies of processes that were killed."""
    found: list[Path] = []
    for path in (file.parent / FOLDER).glob("*.part*"):
        with suppress(FileNotFoundError):
            if path.is_file() and now_ms() - path.stat().st_mtime * 1000 > DAY_MS:
                found.append(path)
    return found


def choose_kept(times_ms: Iterable[int]) -> list[int]:
    """Which copies are kept: the newest of each of the last days, weeks and months that have any."""
    newest_first = sorted(times_ms, reverse=True)
    kept: set[int] = set()
    for form, count in (("%Y-%m-%d", DAILY), ("%G-%V", WEEKLY), ("%Y-%m", MONTHLY)):
        newest: dict[str, int] = {}
        for time_ms in newest_first:
            newest.setdefault(datetime.fromtimestamp(time_ms / 1000, UTC).strftime(form), time_ms)
        kept.update(list(newest.values())[:count])
    return sorted(kept, reverse=True)


def _list(file: Path) -> list[tuple[Path, int, bool]]:
    """(path, when it was made, whether before a migration), newest first."""
    try:
        paths = list((file.parent / FOLDER).iterdir())
    except OSError:
        return []
    named = [(path, NAME.fullmatch(path.name)) for path in paths]
    found = [(path, _moment(match), match[1] != "teahouse") for path, match in named if match]
    return sorted(found, key=lambda one: one[1], reverse=True)


def _moment(match: re.Match[str]) -> int:
    moment = datetime.strptime(f"{match[2]}+0000", "%Y%m%dT%H%M%S%z")
    return int(moment.timestamp()) * 1000 + int(match[3])


def read(path: Path) -> Backup:
    """What is known of a copy by its name and its contents."""
    match = NAME.fullmatch(path.name)
    is_before = match is not None and match[1] != "teahouse"
    made_ms = _moment(match) if match else int(path.stat().st_mtime * 1000)
    return Backup(path, made_ms, path.stat().st_size, _count(path), is_before)


def _count(path: Path) -> int | None:
    try:
        with closing(connect_read_only(path, is_still=True)) as connection:
            if migrations.read_application(connection) != migrations.APPLICATION_ID:
                return None
            return int(connection.execute("SELECT count(*) FROM conversation").fetchone()[0])
    except sqlite3.DatabaseError:
        return None
