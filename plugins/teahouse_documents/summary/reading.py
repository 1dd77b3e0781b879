"""The text of a document, from its first word to its last: read by the confined parser, or as it is given."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.jobs import Cancel
from teahouse.passages import Piece
from teahouse_documents import needs
from teahouse_documents.phrases import name_of
from teahouse_documents.reader.excerpt import file_of
from teahouse_documents.scanning import names
from teahouse_documents.settings import OCR
from teahouse_documents.summary.steps import Step
from teahouse_documents.values import DocumentsError

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")

TOLD_EACH = 200
"""Pieces between two signs of life."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document's whole text.

    Attributes:
        path: Of its file; empty for what belongs to a message.
        remarks: What people should know of how it was read.
    """

    name: str
    path: str
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...] = ()


def read_file(app: App, path: Path, cancel: Cancel) -> Generator[Step, None, Document]:
    """A file of any type that documents may have; it need not be in a collection.

    Raises:
        DocumentsError: It is a folder, or has no text.
        AppError: It cannot be read; says why.
    """
    needs.check()
    from teahouse_documents.library import Library
    from teahouse_documents.loaders.builtin import LOADERS
    from teahouse_documents.loaders.parsing import Parsing

    path = Path(file_of(Library.of(app), str(path.expanduser().absolute())))
    shown = names.shown(str(path))
    if path.is_dir():
        raise DocumentsError(
            _("{path} is a folder. One document at a time is summarised.").format(path=shown),
            _("Name a file in it."),
            path=shown,
        )
    brought = [loader for _plugin, loader in app.plugins.call_each("register_loaders")]
    languages = str(app.settings.get(OCR)).replace("+", " ").split()
    parsing = Parsing(app.workers, loaders=[*LOADERS, *brought], ocr_languages=languages)
    pieces: list[Piece] = []
    try:
        steps = parsing.parse(path, cancel)
        yield Step("reading")
        while True:
            try:
                pieces.append(next(steps))
            except StopIteration as stop:
                document = Document(name_of(shown), shown, tuple(pieces), tuple(stop.value.remarks))
                return checked(document)
            if len(pieces) % TOLD_EACH == 0:
                yield Step("reading")
    finally:
        parsing.close()


def read_cited(app: App, path: str, cancel: Cancel) -> Generator[Step, None, Document]:
    """The file that a message names as its source, if the library has it.

    A message may be imported, and name any path of this machine: nothing else is opened.

    Args:
        path: As people read it.

    Raises:
        DocumentsError: It is none of the library's; otherwise as `read_file`.
    """
    from teahouse_documents.library import Library

    yield Step("reading")
    known = Library.of(app).excerpt(path, "", first=0)
    if known is None:
        raise DocumentsError(
            _("{name} is not among your documents any more. It was not read.").format(name=name_of(path)),
            _("Add it to a collection, or summarise it from the panel “Documents”."),
            path=path,
        )
    return (yield from read_file(app, Path(known.file), cancel))


def checked(document: Document) -> Document:
    """The document, if it says anything.

    Raises:
        DocumentsError: It has no text.
    """
    if any(piece.text.strip() for piece in document.pieces):
        return document
    raise DocumentsError(
        _("{name} has no text that could be summarised.").format(name=document.name),
        " ".join(document.remarks)
        or _("A scan has to be recognised first: see “{setting}” in the settings.").format(
            setting=_("Languages of scans")
        ),
        path=document.path,
    )
