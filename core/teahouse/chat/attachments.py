"""Files that people add to a message: read, judged, and put before their words for the model.

Text files are read as text and stored whole; pictures are stored whole and never decoded here. No engine
sees pictures yet, so the model is told that it does not.
"""

from __future__ import annotations

import json
import logging
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.chat.encodings import decode, may_be_text
from teahouse.chat.pictures import picture_type
from teahouse.errors import AppError, EngineError
from teahouse.language import _, sentences
from teahouse.messages import Attachment, File, Message, Part

if TYPE_CHECKING:
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel
    from teahouse.store import Store

log = logging.getLogger(__name__)

MAX_TEXT_BYTES = 4 * 2**20
"""More text than any context holds."""

MAX_PICTURE_BYTES = 32 * 2**20
"""Each backup holds every file."""

MOST_FILES = 20
"""Of one message."""

MOST_NAME_CHARS = 200
OTHER_STARTS = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"{\\rtf")
"""Documents and archives that may look like text."""

PLAIN_CONTROLS = frozenset("\t\n\r\f\v\b\x1b")
"""Control characters that text files have: tabs, lines, pages, colours of a log."""

MOST_CONTROLS = 0.01
"""Share of others from which on bytes are no text."""

FENCE = re.compile(r"`{3,}")


def read_file(path: Path) -> File:
    """A file from the disk, with its text where it is one.

    Raises:
        AppError: It cannot be read, is no plain file, empty, too large, or neither text nor a picture.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise _refuse(path.name, _("It is not a file."), _("Add the files themselves."))
        with path.open("rb") as stream:
            data = stream.read(MAX_PICTURE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse(path.name, _("It cannot be read ({reason}).").format(reason=reason)) from error
    return make_file(path.name, data)


def make_file(name: str, data: bytes) -> File:
    """The same from bytes, such as a picture from the clipboard.

    Raises:
        AppError: As from `read_file`.
    """
    name = plain_name(name)
    if not data:
        raise _refuse(name, _("It is empty."))
    if kind := picture_type(data):
        _check_size(name, data, MAX_PICTURE_BYTES)
        return File(name, kind, data)
    text = None
    if may_be_text(data) and not data.startswith(OTHER_STARTS):
        _check_size(name, data, MAX_TEXT_BYTES)
        text = decode(data)
    if text is None or not _is_text(text):
        raise _refuse(
            name,
            _("It is neither a picture nor text in an encoding that can be told for certain."),
            _("Save it as text in UTF-8, then add that."),
        )
    return File(name, "text/plain", data, text=text.replace("\r\n", "\n"))


def plain_name(name: str) -> str:
    """A name on one line; what cannot be printed or turns the writing round becomes U+FFFD."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name)
    return shown[:MOST_NAME_CHARS] or "\ufffd"


def is_picture(given: File | Attachment) -> bool:
    """Whether it is a picture, which the model does not see."""
    return given.type.startswith("image/")


# --- what the model reads -------------------------------------------------------------------------


def with_files(words: str, files: Iterable[File | Attachment]) -> str:
    """A message as it is sent: each file under its name, then the person's words.

    The fence around a text is longer than any in it, so that nothing in a file can end it.
    """
    return "\n\n".join([*map(_sent, files), *([words] if words else [])])


def _sent(file: File | Attachment) -> str:
    name = plain_name(file.name)
    if file.text is None:
        kind, why = ("picture", "you cannot see it") if is_picture(file) else ("file", "its text is not here")
        return f"Attached {kind}: {name} ({why})"
    return f"Attached file: {name}\n{fenced(file.text)}"


def fenced(text: str) -> str:
    """A text in a fence of backticks that nothing in it can end."""
    fence = "`" * max([3, *(len(found) + 1 for found in FENCE.findall(text))])
    end = "" if text.endswith("\n") else "\n"
    return f"{fence}\n{text}{end}{fence}"


# --- stored ---------------------------------------------------------------------------------------


def attachments_of(message: Message) -> list[Attachment]:
    """What a message carries; a damaged field reads as empty, 0 or nothing."""
    return [_read(part) for part in message.parts if part.kind == "attachment"]


def as_part(given: Attachment) -> Part:
    """The part that stands for it in a message, as the store makes it."""
    data = json.dumps(asdict(given), ensure_ascii=False)
    return Part("attachment", data, source=given.name, is_trusted=False)


def files_of(store: Store, given: Sequence[File | Attachment]) -> list[File]:
    """Files with their bytes, those of an earlier message from the store.

    Raises:
        StoreError: One is not there any more, or damaged.
    """
    return [one if isinstance(one, File) else _stored(store, one) for one in given]


def _stored(store: Store, given: Attachment) -> File:
    return File(given.name, given.type, store.attachment(given.hash), given.text, given.tokens)


def _read(part: Part) -> Attachment:
    try:
        found = json.loads(part.data)
    except (ValueError, RecursionError):
        found = None
    known: dict[str, Any] = found if isinstance(found, dict) else {}
    size, tokens = known.get("size_bytes"), known.get("tokens")
    return Attachment(
        hash=_text(known.get("hash")) or "",
        name=plain_name(_text(known.get("name")) or part.source),
        type=_text(known.get("type")) or "",
        size_bytes=size if type(size) is int and size > 0 else 0,
        text=_text(known.get("text")),
        tokens=tokens if type(tokens) is int and tokens >= 0 else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def count_files(engine: Engine, given: Iterable[Attachment], cancel: Cancel | None = None) -> dict[str, int]:
    """Tokens of the texts that nobody has counted, by hash; nothing where the engine cannot."""
    texts = {one.hash: one.text for one in given if one.text is not None and one.tokens is None}
    if not texts:
        return {}
    try:
        return dict(zip(texts, engine.count(list(texts.values()), cancel), strict=True))
    except EngineError as error:  # the numbers are a help only
        log.info("attached files could not be counted: %s", error)
        return {}


# --- refusing -------------------------------------------------------------------------------------


def _check_size(name: str, data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise _refuse(
            name,
            _("It is larger than {limit} MB.").format(limit=limit // 2**20),
            _("Add a smaller file, or only the part that matters."),
        )


def _is_text(text: str) -> bool:
    odd = sum(1 for c in text if (c < " " or c == "\x7f") and c not in PLAIN_CONTROLS)
    return "\0" not in text and odd <= MOST_CONTROLS * len(text)


def _refuse(name: str, why: str, hint: str = "") -> AppError:
    name = plain_name(name)
    return AppError(sentences(_("“{name}” was not added.").format(name=name), why), hint, name=name)
