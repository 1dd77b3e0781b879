"""Another file put in the place of the database; what is there is set aside, never overwritten."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.store import backups, health, migrations, trash, words
from teahouse.store.connections import connect_read_only
from teahouse.store.header import read_schema
from teahouse.store.words import errors_in_words
from teahouse.store.writers import Writer

ASIDE = "set-aside"

COMPANIONS = ("-wal", "-shm")


def restore(file: Path, backup: Path) -> Path | None:
    """Put a copy of a backup in the place of the database, which nobody in this process has open.

    Returns:
        Where the database is now that was there; None when there was none.

    Raises:
        StoreError: The backup cannot be used, or another program uses the database. Nothing was changed.
    """
    with errors_in_words(backup):
        _check(backup)
    part = file.with_name(f"{file.name}.restored")
    with errors_in_words(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(backup, part)
            aside = put_in_place(part, file)
            health.forget(file)
            trash.forget(file)
            return aside
        finally:
            part.unlink(missing_ok=True)


def put_in_place(part: Path, file: Path) -> Path | None:
    """Give a new file the place of the database; where the old one is now.

    The place is never empty: a process that dies here leaves the old database or the new one.
    """
    _check_alone(file)
    aside = set_aside(file)
    # A log belongs to one file only; beside another it would spoil it.
    for suffix in COMPANIONS:
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    backups.keep(part, file)
    return aside


def set_aside(file: Path) -> Path | None:
    """Keep the database, with its log, under a second name as well."""
    if not file.exists():
        return None
    target = backups.free_name(file.parent / ASIDE, f"teahouse-{backups.stamp(now_ms())}", ".db")
    for suffix in ("", "-wal"):
        source = file.with_name(file.name + suffix)
        if source.exists() and (not suffix or source.stat().st_size):
            _link(source, target.with_name(target.name + suffix))
    backups.sync_folder(target.parent)
    return target


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A file system without links, as on USB sticks.
        shutil.copyfile(source, target)
        with target.open("rb+") as stream:
            os.fsync(stream.fileno())


def _check(backup: Path) -> None:
    version = read_schema(backup)
    if version > migrations.newest():
        raise StoreError(*words.newer(backup), path=str(backup))
    with closing(connect_read_only(backup, is_still=True)) as connection:
        problems = health.find_broken_pages(connection)
    if problems or not version:
        raise words.damaged(backup, "".join(problems[:1]) or _("it is empty"))


def _check_alone(file: Path) -> None:
    """StoreError when another process has the database open."""
    writer = Writer(file.parent / "writers")
    try:
        others = writer.find_live() - {writer.id}
    finally:
        writer.close()
    if others:
        raise StoreError(
            _("Another window or terminal uses {file}. Nothing was changed.").format(file=file),
            _("Close the others and try again."),
            path=str(file),
        )
