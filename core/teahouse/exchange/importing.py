"""Reading conversations from files of other programs and our own, one transaction for each.

What a file is, its content tells, element by element. Nothing of it is trusted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.errors import ExchangeError
from teahouse.exchange import chatgpt, fields, openwebui, own_reading, sharegpt
from teahouse.exchange.elements import Element, Splitter
from teahouse.exchange.sources import read_pieces
from teahouse.exchange.tree import plant
from teahouse.exchange.values import MAX_CONVERSATIONS, ExchangeProgress, ImportReport, Tally
from teahouse.exchange.writing import title_of
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import WholeConversation

if TYPE_CHECKING:
    from teahouse.store import Store

FOREIGN = (chatgpt, openwebui, sharegpt)
"""Formats of others, the most particular first."""
LISTS = ("conversations", "chats", "data")
"""Names under which a file may hold its conversations."""
TRIES = 1_000
"""Elements of which one at least must be known before a file is given up."""


def import_files(store: Store, files: Sequence[Path], *, is_own: bool = False) -> Work:
    """Work that adds the conversations of some files and returns an `ImportReport`.

    A conversation is added whole or not at all; one that is there already stays as it is. What was added
    before the work is stopped, or fails, stays.

    Args:
        is_own: The person says that the files are their own exports: what these say of trust, sources and
            settings is taken over. Otherwise every part is untrusted, its source says where it is from.

    The work raises:
        ExchangeError: There is one file only, and it cannot be read at all.
        StoreError: The conversations cannot be stored.
    """

    def work(cancel: Cancel) -> Generator[ExchangeProgress, None, ImportReport]:
        importer = _Importer(store, is_own=is_own)
        for number, file in enumerate(files):
            try:
                for fraction in importer.read(file):
                    if cancel.is_set():
                        return importer.report()
                    yield importer.progress((number + fraction) / len(files))
            except ExchangeError as error:
                if len(files) == 1 and not importer.has_found:
                    raise
                importer.tally.note(file.name, error.text)
        return importer.report()

    return work


class _Importer:
    """Takes the elements of files into a store."""

    def __init__(self, store: Store, *, is_own: bool) -> None:
        self.tally = Tally()
        self._store = store
        self._is_own = is_own
        self._known = {found.id for kept in (False, True) for found in store.conversations(is_trashed=kept)}
        self._new: list[str] = []
        self._known_count = 0
        self._title = ""

    @property
    def has_found(self) -> bool:
        """Whether any conversation was found."""
        return bool(self._new or self._known_count)

    def progress(self, fraction: float) -> ExchangeProgress:
        """How far it is."""
        return ExchangeProgress(len(self._new), 0, self._title, fraction)

    def report(self) -> ImportReport:
        """What came of it."""
        if self._known_count:
            self.tally.note(_("conversations"), _("they are here already"), self._known_count)
        return ImportReport(len(self._new), self._known_count, self.tally.skipped(), tuple(self._new))

    def read(self, file: Path) -> Iterator[float]:
        """Take a file; gives how much of it is done (0 to 1).

        Raises:
            ExchangeError: It cannot be read, or nothing in it is known.
        """
        reader = _ElementReader(file.name, self.tally, is_own=self._is_own)
        splitter = Splitter()
        for piece in read_pieces(file):
            for element in splitter.feed(piece.text):
                for _taken in self._take(reader, element):
                    yield piece.fraction
                if reader.is_hopeless:
                    raise _useless(file, reader.reason)
            yield piece.fraction
        for element in splitter.finish():
            for _taken in self._take(reader, element):
                yield 1.0
        if not reader.found:
            raise _useless(file, reader.reason)

    def _take(self, reader: _ElementReader, element: Element) -> Iterator[None]:
        """Add the conversations of an element, which may be a whole file; a step for each, one at least."""
        is_empty = True
        for whole in reader.read(element):
            self._add(whole)
            is_empty = False
            yield
        if is_empty:
            yield

    def _add(self, whole: WholeConversation) -> None:
        if len(self._known) >= MAX_CONVERSATIONS:
            raise ExchangeError(
                _("There are {count} conversations already; no more are imported.").format(
                    count=len(self._known)
                ),
                _("What was imported before is kept. Delete what you do not need, then import again."),
            )
        self._title = title_of(whole)
        if whole.conversation.id in self._known:
            self._known_count += 1
            return
        self._known.add(whole.conversation.id)
        self._new.append(self._store.add_whole(whole).id)


class _ElementReader:
    """Makes conversations of the elements of one file.

    Attributes:
        found: Elements in a format that is known.
        reason: Why the last one that was passed over was.
    """

    def __init__(self, file_name: str, tally: Tally, *, is_own: bool) -> None:
        self._name = fields.name(file_name)
        self._tally = tally
        self._own = own_reading.Reader(self._source(own_reading.NAME), tally, is_own=is_own)
        self.found = 0
        self.reason = ""
        self._seen = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether this is another kind of file."""
        return self._seen >= TRIES and not self.found

    def read(self, element: Element) -> Iterator[WholeConversation]:
        """The conversations in an element; what is left out is counted."""
        self._seen += 1
        try:
            value = fields.parse(element.text) if not element.problem else None
        except ValueError:
            self._skip(_("they are no JSON that can be read"))
            return
        if element.problem:
            self._skip(element.problem)
            return
        for one in _unwrapped(value):
            yield from self._conversation(one)

    def _conversation(self, value: dict[str, Any]) -> Iterator[WholeConversation]:
        if self._own.take_attachment(value):
            self.found += 1
        elif own_reading.is_mine(value):
            self.found += 1
            if own_reading.is_newer(value):
                self._skip(_("a newer version of Teahouse has written them"))
            else:
                yield self._own.read(value)
        else:
            yield from self._foreign(value)

    def _foreign(self, value: dict[str, Any]) -> Iterator[WholeConversation]:
        kind = next((kind for kind in FOREIGN if kind.is_mine(value)), None)
        if kind is None:
            self._skip(_("their format is not known"))
            return
        self.found += 1
        found = kind.read(value, source=self._source(kind.NAME), tally=self._tally)
        whole = plant(found, self._tally)
        if whole is None:
            self._skip(_("nobody says anything in them"))
        else:
            yield whole

    def _skip(self, why: str) -> None:
        self.reason = why
        self._tally.note(_("entries of {file}").format(file=self._name), why)

    def _source(self, kind: str) -> str:
        return f"{own_reading.FOREIGN}{kind} {self._name}"


def _unwrapped(value: object) -> list[dict[str, Any]]:
    """The objects in an element that may be conversations."""
    if isinstance(value, list) and sharegpt.is_mine({"messages": value}):
        return [{"messages": value}]
    found = fields.mapping(value)
    if not any(kind.is_mine(found) for kind in (own_reading, *FOREIGN)):
        for name in LISTS:
            inner = [item for item in fields.items(found.get(name)) if isinstance(item, dict)]
            if inner:
                return inner
    return [found]


def _useless(file: Path, reason: str) -> ExchangeError:
    return ExchangeError(
        _("Nothing in {file} can be imported: {reason}.").format(
            file=file, reason=reason or _("there is nothing in it")
        ),
        _("These can be: JSON of Teahouse, exports of ChatGPT and Open WebUI, ShareGPT, OpenAI's messages."),
        path=str(file),
    )
