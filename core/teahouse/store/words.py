"""What SQLite and the file system raise, said in words for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from teahouse.errors import StoreDamaged, StoreError
from teahouse.language import _


@contextmanager
def errors_in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a StoreError; mistakes of the program pass."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, OSError) as error:
        if is_damage(error):
            raise damaged(file, str(error)) from error
        text, hint = _words(error)
        raise StoreError(text.format(file=file, reason=error), hint, path=str(file)) from error


def is_damage(error: Exception) -> bool:
    """Whether the error says that the file's content is broken, not merely out of reach."""
    return _name(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def damaged(file: Path, reason: str) -> StoreDamaged:
    """The error for a file whose content is broken."""
    return StoreDamaged(
        _("{file} is damaged ({reason}). Nothing in it was changed.").format(file=file, reason=reason),
        _("Save what can be read of it into a new file, or restore a backup. The damaged file is kept."),
        path=str(file),
        reason=reason,
    )


def foreign(file: Path) -> StoreError:
    """The error for a file that is not ours."""
    return StoreError(
        _("{file} is not a database of Teahouse. Nothing in it was changed.").format(file=file),
        _("Move it away to start with an empty one, or put your own database back in its place."),
        path=str(file),
    )


def newer(file: Path) -> tuple[str, str]:
    """Text and hint about a file of a newer version."""
    return (
        _(
            "{file} was written by a newer version of Teahouse. It is shown, and nothing in it is changed."
        ).format(file=file),
        _("Install the newest Teahouse to go on writing in it."),
    )


def lost(file: Path, error: Exception) -> StoreError:
    """The error for a file that was let go of and could not be opened again."""
    return StoreError(
        _(
            "{file} could not be opened again, so nothing can be read or saved now. It is kept as it is."
        ).format(file=file),
        _("Restart Teahouse. If it cannot open the file then either, it says what can be done."),
        path=str(file),
        reason=str(error),
    )


def _name(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _words(error: Exception) -> tuple[str, str]:
    if _name(error).startswith("SQLITE_FULL"):
        return (
            _("The disk is full: nothing more could be saved in {file}. What was saved before is kept."),
            _("Free some space and try again."),
        )
    if _name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return (
            _("Another program keeps {file} locked. Nothing was changed."),
            _("Close the other program and try again."),
        )
    return (
        _("{file} cannot be read or written ({reason}). What was saved before is kept."),
        _("Check that the disk is connected and that you may write to the file and its folder."),
    )
