"""Letters (.eml) and mailboxes (.mbox): headers, the text, the names of what is attached.

A mailbox is read letter by letter, so that its size does not matter. Source: RFC 5322, RFC 2046, RFC 4155.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from pathlib import Path

from teahouse.language import Translator, listed
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders import text as plain
from teahouse_documents.loaders.files import decode_bytes, read_bytes
from teahouse_documents.loaders.html import Page, parse_html_text
from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.refusal import Refused, broken

_ = Translator("teahouse_documents")

LETTER_BYTES = 64 * 2**20
LINE_BYTES = 1 << 20
SHOWN = ("From", "To", "Cc", "Date", "Subject")
SUBJECT_CHARS = 200
MOST_PARTS = 500
FROM = b"From "
BEFORE_BYTES = 1 << 20
"""A mailbox begins with a letter; so much else says that it is none."""


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of one letter."""
    found = list(letter(read_bytes(path, LETTER_BYTES)))
    if not found:
        raise broken("EML")
    yield from found


def load_mbox(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of all letters; `line` is where each begins in the mailbox."""
    bad = count = 0
    for line, data in letters(path):
        count += 1
        pieces = list(letter(data, line)) if data else []
        yield from pieces
        bad += not pieces
    if count == 0:
        raise broken("MBOX")
    if bad:
        context.remark(_("{count} letters could not be read.").format(count=bad))


def letters(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each letter with the line it begins on; one that is too large comes without its bytes."""
    held: list[bytes] = []
    start = size = number = before = 0
    is_blank = is_whole = True
    with path.open("rb") as stream:
        while line := stream.readline(LINE_BYTES):
            number += is_whole
            if line.startswith(FROM) and is_blank and is_whole:
                if start:
                    yield start, b"".join(held) if size <= LETTER_BYTES else b""
                held, size, start = [], 0, number
            elif start and (size := size + len(line)) <= LETTER_BYTES:
                held.append(line[1:] if line.startswith(b">From ") else line)
            elif start:
                held = []
            elif (before := before + len(line)) > BEFORE_BYTES:
                return
            is_whole = line.endswith(b"\n")
            is_blank = line in (b"\n", b"\r\n")
    if start:
        yield start, b"".join(held) if size <= LETTER_BYTES else b""


def letter(data: bytes, line: int | None = None) -> Iterator[Piece]:
    """The pieces of a letter: its headers, then its text under its subject; none where there is no header."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    headers = {name: header(message, name) for name in SHOWN}
    if not any(headers.values()):
        return
    subject = headers["Subject"][:SUBJECT_CHARS]
    place = Place(line=line, heading=(subject,) if subject else ())
    bodies, attached = _parts(message)
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    if attached:
        lines.append(_("Attached: {names}").format(names=listed(attached)))
    yield Piece("\n".join(lines), "text", place)
    for text, kind in bodies:
        pieces = Page(parse_html_text(text)).pieces() if kind == "html" else plain.pieces(text)
        for piece in pieces:
            yield Piece(
                piece.text, piece.kind, Place(line=line, heading=(*place.heading, *piece.place.heading))
            )


def header(message: Message, name: str) -> str:
    """A header in words, also where it holds raw bytes or a wrong encoding."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        parts = decode_header(str(value) if not hasattr(value, "_chunks") else value)
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return one_line(str(value))
    return one_line("".join(_decoded(part, charset) for part, charset in parts))


def _decoded(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        # bytes outside ASCII come as surrogates
        return _bytes_text(part.encode("utf-8", "surrogateescape"), "") if not part.isascii() else part
    return _bytes_text(part, "" if charset in (None, "unknown-8bit") else str(charset))


def _bytes_text(data: bytes, charset: str) -> str:
    try:
        return decode_bytes(data, charset) if data else ""
    except Refused:
        return data.decode("utf-8", "replace")


def _parts(message: Message) -> tuple[list[tuple[str, str]], list[str]]:
    """Texts with their kind, names of attachments; of two forms of one text the plain one is taken."""
    texts: list[tuple[str, str]] = []
    attached: list[str] = []
    skipped: set[int] = set()
    for _number, part in zip(range(MOST_PARTS), message.walk(), strict=False):
        if id(part) in skipped or part.is_multipart():
            if part.get_content_type() == "multipart/alternative":
                skipped |= _other_forms(part)
            continue
        name = part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            shown = "".join(_decoded(data, charset) for data, charset in decode_header(name or ""))
            attached.append(one_line(shown) or part.get_content_type())
        elif part.get_content_maintype() == "text" and part.get_content_subtype() in ("plain", "html"):
            texts.append((_text(part), part.get_content_subtype()))
    return texts, attached


def _other_forms(alternative: Message) -> set[int]:
    """Parts of the same text that are not taken: all but the plain one, where it says something."""
    parts = [part for part in alternative.walk() if not part.is_multipart()]
    plain_ones = [part for part in parts if part.get_content_type() == "text/plain" and _text(part).strip()]
    return {id(part) for part in parts if part is not plain_ones[0]} if plain_ones else set()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return _bytes_text(payload, part.get_content_charset() or "") if isinstance(payload, bytes) else ""
