"""In the process of one file: the loader's pieces, made clean and bounded, as messages for the parser child.

Messages: `{pieces: […]}`, `{remark}`, and last either `{end: {chars, pieces, is_cut}}` or `{error}`.
"""

from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from teahouse.errors import AppError
from teahouse.language import Translator
from teahouse.passages import KINDS, LoadContext, Loader, Piece, Place
from teahouse.workers.wire import error_to_wire
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.normal import clean, one_line
from teahouse_documents.loaders.refusal import Refused, refuse

_ = Translator("teahouse_documents")

BATCH_PIECES = 64
BATCH_CHARS = 64_000
BATCH_S = 0.3
MOST_REMARKS = 50
REMARK_CHARS = 300
HEADINGS_DEEP = 8
HEADING_CHARS = 200

Message = dict[str, Any]


class _Full(Exception):
    """Enough was taken from this file."""


class Reading:
    """One file being read."""

    def __init__(self, loader: Loader, path: Path, limits: Limits, ocr_languages: tuple[str, ...]) -> None:
        self._loader = loader
        self._path = path
        self._limits = limits
        self._languages = ocr_languages
        self._remarks: list[str] = []
        self._told = 0
        self._chars = 0
        self._pieces = 0

    def messages(self) -> Iterator[Message]:
        """All messages to the last; whatever the loader raises is one of them."""
        try:
            yield from self._batches()
        except GeneratorExit:
            raise
        except AppError as error:
            yield {"error": error_to_wire(error)}
        except BaseException as error:  # noqa: BLE001  code of others: panics of Rust and sys.exit too
            yield {"error": error_to_wire(reason(error))}

    def _batches(self) -> Iterator[Message]:
        batch: list[Message] = []
        size, since, is_cut = 0, time.monotonic(), False
        for piece in self._bounded():
            if piece is None:
                is_cut = True
                break
            batch.append(piece.as_json())
            size += len(piece.text)
            if len(batch) >= BATCH_PIECES or size >= BATCH_CHARS or time.monotonic() - since > BATCH_S:
                yield {"pieces": batch}
                batch, size, since = [], 0, time.monotonic()
            yield from self._new_remarks()
        if batch:
            yield {"pieces": batch}
        yield from self._new_remarks()
        if not self._pieces:
            raise refuse("no_text", _("It holds no text."), "\n".join(self._remarks[:1]))
        yield {"end": {"chars": self._chars, "pieces": self._pieces, "is_cut": is_cut}}

    def _bounded(self) -> Iterator[Piece | None]:
        """Clean pieces; None where the rest is left out."""
        for given in self._load():
            for piece in divided(tidy(given), self._limits.piece_chars):
                if self._pieces >= self._limits.pieces or self._chars >= self._limits.chars:
                    yield None
                    return
                self._pieces += 1
                self._chars += len(piece.text)
                yield piece

    def _load(self) -> Iterable[Piece]:
        for module in self._loader.needs:
            import_library(module)
        module, _colon, name = self._loader.entry.partition(":")
        load = getattr(importlib.import_module(module), name)
        loaded: Iterable[Piece] = load(self._path, LoadContext(self._languages, self._remark))
        return loaded

    def _remark(self, text: str) -> None:
        if len(self._remarks) < MOST_REMARKS:
            self._remarks.append(one_line(str(text))[:REMARK_CHARS])

    def _new_remarks(self) -> Iterator[Message]:
        new = self._remarks[self._told :]
        self._told += len(new)
        yield from ({"remark": text} for text in new)


def import_library(module: str) -> None:
    """Import what a loader needs.

    Raises:
        Refused: It is not installed.
    """
    try:
        importlib.import_module(module)
    except ImportError as error:
        text = _("The library {name}, which reads it, cannot be loaded: {error}.")
        hint = _("Install Teahouse with its extra [documents].")
        raise refuse("library", text.format(name=module, error=error), hint) from error


def tidy(piece: Piece) -> Piece:
    """A loader's piece with clean text and headings of sane length.

    Raises:
        TypeError: The loader gave something else.
    """
    if not isinstance(piece, Piece) or not isinstance(piece.text, str):
        raise TypeError(f"a loader gives pieces, not {type(piece).__name__}")
    if piece.kind not in KINDS or not isinstance(piece.place, Place):
        raise TypeError(f"a piece of an unknown kind: {piece.kind!r}")
    text = clean(piece.text, is_code=piece.kind == "code")
    if piece.kind == "heading":
        text = one_line(text)
    above = tuple(one_line(clean(str(part)))[:HEADING_CHARS] for part in piece.place.heading)
    heading = tuple(part for part in above if part)[-HEADINGS_DEEP:]
    return replace(piece, text=text, place=replace(piece.place, heading=heading))


def divided(piece: Piece, longest: int) -> Iterator[Piece]:
    """The piece, in parts of at most so many characters, cut at ends of lines or words; none if empty."""
    text = piece.text
    while len(text) > longest:
        cut = max(text.rfind("\n", longest // 2, longest), text.rfind("。", longest // 2, longest)) + 1
        cut = cut or text.rfind(" ", longest // 2, longest) + 1 or longest
        yield replace(piece, text=text[:cut])
        text = text[cut:]
    if text.strip():
        yield replace(piece, text=text)


def reason(error: BaseException) -> AppError:
    """Why a file cannot be read, from what its loader raised."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, MemoryError):
        return out_of_memory()
    if isinstance(error, RecursionError):
        return refuse("broken", _("What it holds is nested too deeply."))
    if isinstance(error, (FileNotFoundError, PermissionError)):
        text = _("It cannot be opened ({reason}).").format(reason=error.strerror or str(error))
        return refuse("missing", text)
    text = _("Its loader failed: {error}.").format(error=_short(error))
    refused = refuse(
        "fault", text, _("The file may be damaged: open it in its own program and save it anew.")
    )
    refused.data["traceback"] = "".join(traceback.format_exception(error))[-4000:]
    return refused


def out_of_memory() -> Refused:
    """It needed more than a document may."""
    text = _("Reading it took more memory than a file may take.")
    return refuse("memory", text, _("Divide it, or add only the part that matters."))


def _short(error: BaseException) -> str:
    said = one_line(str(error))[:REMARK_CHARS]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
