"""Writing conversations to a file, a folder or a stream, one after the other."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from teahouse.errors import ExchangeError, StoreError
from teahouse.exchange.formats import EXPORTS, ExportFormat
from teahouse.exchange.targets import errors_in_words, file_name, new_file, new_folder
from teahouse.exchange.values import ExchangeProgress, ExportReport, Tally
from teahouse.exchange.writing import title_of
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import WholeConversation

if TYPE_CHECKING:
    from teahouse.store import Store

Steps = Generator[ExchangeProgress, None, int]


def export(
    store: Store,
    conversation_ids: Sequence[str],
    *,
    name: str,
    target: Path | IO[bytes],
    is_replacing: bool = False,
) -> Work:
    """Work that writes conversations and returns an `ExportReport`; stopped, it leaves nothing behind.

    Args:
        name: Of the format, a key of `EXPORTS`.
        target: A file; a folder, which gets a file for each conversation; or a stream.
        is_replacing: Files of the same name may be replaced.

    The work raises:
        ExchangeError: The target cannot be written, or the format holds one conversation only.
        StoreError: The conversations cannot be read.
    """
    format_ = EXPORTS[name]
    ids = list(dict.fromkeys(conversation_ids))

    def work(cancel: Cancel) -> Generator[ExchangeProgress, None, ExportReport]:
        tally = Tally()
        source = _Source(store, ids, cancel, tally)
        if not isinstance(target, Path):
            _check_one(format_, ids)
            with errors_in_words(Path(getattr(target, "name", "-"))):
                done = yield from _write(format_, source, target)
                target.flush()
        elif _is_folder(target, format_, len(ids)):
            done = yield from _to_folder(format_, source, target, is_replacing)
        else:
            _check_one(format_, ids)
            with new_file(target, is_replacing=is_replacing) as (draft, stream):
                done = yield from _write(format_, source, stream)
                draft.is_done = not cancel.is_set()
        return ExportReport(done, target if isinstance(target, Path) else None, tally.skipped())

    return work


class _Source:
    """The conversations to write, read one at a time."""

    def __init__(self, store: Store, ids: list[str], cancel: Cancel, tally: Tally) -> None:
        self._store = store
        self._ids = ids
        self._cancel = cancel
        self._tally = tally

    @property
    def is_stopped(self) -> bool:
        """Whether the person has stopped it."""
        return self._cancel.is_set()

    def __iter__(self) -> Iterator[tuple[WholeConversation, ExchangeProgress]]:
        total = len(self._ids)
        for number, conversation_id in enumerate(self._ids, 1):
            if self._cancel.is_set():
                return
            if (found := self._find(conversation_id)) is not None:
                yield found, ExchangeProgress(number, total, title_of(found), number / total)

    def _find(self, conversation_id: str) -> WholeConversation | None:
        try:
            return self._store.whole(conversation_id)
        except StoreError as error:
            if error.data.get("conversation") != conversation_id:
                raise
            self._tally.note(_("conversations"), _("they have been deleted meanwhile"))
            return None


def _write(format_: ExportFormat, source: _Source, stream: IO[bytes]) -> Steps:
    """All of them into one stream."""
    done = 0
    glue = ""
    stream.write(format_.opening.encode())
    for given, progress in source:
        stream.write((format_.rule if done else "").encode())
        for piece in format_.write(given):
            stream.write((glue + piece).encode())
            glue = format_.glue
        done += 1
        yield progress
    stream.write(format_.closing.encode())
    return done


def _to_folder(format_: ExportFormat, source: _Source, folder: Path, is_replacing: bool) -> Steps:
    """A file for each."""
    done = 0
    with new_folder(folder, is_replacing=is_replacing) as draft:
        for given, progress in source:
            file = draft.path / file_name(given.conversation, format_.suffix)
            with file.open("wb") as stream:
                for text in (format_.opening, format_.glue.join(format_.write(given)), format_.closing):
                    stream.write(text.encode())
                os.fsync(stream.fileno())
            done += 1
            yield progress
        draft.is_done = not source.is_stopped
    return done


def _is_folder(target: Path, format_: ExportFormat, count: int) -> bool:
    is_many_files = count != 1 and not format_.holds_many and not target.suffix
    return target.is_dir() or is_many_files


def _check_one(format_: ExportFormat, ids: list[str]) -> None:
    if not format_.holds_many and len(ids) != 1:
        raise ExchangeError(
            _("One file of the format “{format}” holds one conversation only.").format(format=format_.name),
            _("Name a folder; it gets a file for each conversation."),
        )
