"""Waiting in a terminal until what was asked for is read, telling how far it is."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse_documents import phrases
from teahouse_documents.values import Status

if TYPE_CHECKING:
    from teahouse.jobs import Cancel
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

EACH_S = 0.4
QUIET_LOOKS = 5
"""So often nothing may have moved before that is taken for the end: a scan begins after it was asked for."""

RESTING = ("idle", "paused", "stopped")


def wait_for(
    library: Library, cancel: Cancel, *, source_id: int | None = None
) -> Generator[object, None, Status]:
    """Wait until nothing is left to read; yields words, returns the last status.

    Ends early where reading is paused or another process does it. What was read is kept when it is
    cancelled, and goes on the next time.

    Args:
        source_id: Wait for this source only; None for everything.
    """
    quiet, before = 0, None
    while True:
        status = library.status()
        if not status.is_owner or status.is_paused or status.is_read_only or cancel.is_set():
            return status
        if _has_ended(library, status, source_id):
            return status
        mark = (status.revision, status.done, status.failed, status.waiting, status.embedded, status.current)
        is_still = status.activity in RESTING and mark == before
        quiet, before = quiet + 1 if is_still else 0, mark
        if quiet >= QUIET_LOOKS:
            return status
        yield _words(status)
        cancel.wait(EACH_S)


def _has_ended(library: Library, status: Status, source_id: int | None) -> bool:
    if source_id is None:
        return False  # only rest tells: what was asked for may not have begun
    sources = (source for one in library.collections() for source in one.sources if source.id == source_id)
    source = next(sources, None)
    if source is None:
        return False
    if source.state in ("missing", "unreadable"):
        return True
    return source.state == "ready" and source.done + source.failed >= source.files


def _words(status: Status) -> str:
    now = phrases.name_of(status.current) if status.current else ""
    return phrases.in_a_row((phrases.activity(status) or _("One moment …"), now))
