"""How the bytes of a token are shown: nothing of it is invisible, and no byte passes for a character."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from teahouse_desktop.tokens.token import Token

SPACE, DOT, RETURN, NEWLINE, TAB, EMPTY = "␣", "⋅", "␍", "⏎", "⇥", "∅"
"""The dot is not `·`: Chinese fonts draw that one as wide as a character."""
LONGEST_SPACES = 8
"""A run of more spaces is shown with its number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a token is shown.

    Attributes:
        text: What is drawn.
        is_chip: It is a control token: drawn as a chip, not as text.
        has_bytes: Some of its bytes are only a part of a character.
        joined: On the last of some tokens that make up characters together: those characters.
        opens, closes: It is the first or the last of such tokens.
        is_inside: It belongs to such tokens.
        breaks: A new line begins after it.
    """

    text: str
    is_chip: bool = False
    has_bytes: bool = False
    joined: str = ""
    opens: bool = False
    closes: bool = False
    is_inside: bool = False
    breaks: bool = False


def marks_of(tokens: Sequence[Token]) -> list[Mark]:
    """How each token is shown; tokens that only together spell a character are joined."""
    marks: list[Mark] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.is_control or is_whole(token.piece):
            marks.append(mark_of(token))
            place += 1
            continue
        end = _end_of_group(tokens, place)
        marks += _group(tokens[place:end])
        place = end
    return marks


def mark_of(token: Token) -> Mark:
    """How a token is shown that stands alone."""
    if token.is_control:
        return Mark(token.piece.decode("utf-8", "replace") or EMPTY, is_chip=True)
    whole = is_whole(token.piece)
    return Mark(shown(token.piece), has_bytes=not whole, breaks=token.piece.endswith(b"\n"))


def shown(piece: bytes) -> str:
    """Bytes as visible text: `⋅` and `␣` for spaces, `⏎` for a new line, `⟨E8⟩` for a byte of a character."""
    if not piece:
        return EMPTY
    if piece.strip(b" ") == b"":
        return SPACE if len(piece) == 1 else _spaces(len(piece), SPACE)
    return "".join(_visible(text) if isinstance(text, str) else f"⟨{text:02X}⟩" for text in _read(piece))


def is_whole(piece: bytes) -> bool:
    """Whether bytes are characters by themselves."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def joined_at(marks: Sequence[Mark], place: int) -> str:
    """The characters that a token spells together with its neighbours; empty where it needs none."""
    if not marks[place].is_inside:
        return ""
    for mark in marks[place:]:
        if mark.closes:
            return mark.joined
    return ""


def _end_of_group(tokens: Sequence[Token], first: int) -> int:
    """The place behind the tokens that spell characters together with the one at `first`."""
    data = b""
    for place in range(first, len(tokens)):
        token = tokens[place]
        if token.is_control or (place > first and len(data) > 4 * 8):
            break
        data += token.piece
        if is_whole(data):
            return place + 1
        if not _may_go_on(data):
            break
    return first + 1


def _may_go_on(data: bytes) -> bool:
    """Whether bytes end with the beginning of a character, all before it being whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _group(tokens: Sequence[Token]) -> list[Mark]:
    if len(tokens) == 1:
        return [mark_of(tokens[0])]
    whole = b"".join(token.piece for token in tokens).decode("utf-8", "replace")
    last = len(tokens) - 1
    return [
        Mark(
            shown(token.piece),
            has_bytes=True,
            joined=_joined(whole, tokens) if place == last else "",
            opens=place == 0,
            closes=place == last,
            is_inside=True,
            breaks=token.piece.endswith(b"\n"),
        )
        for place, token in enumerate(tokens)
    ]


def _joined(whole: str, tokens: Sequence[Token]) -> str:
    """The characters that no token of the group spells alone."""
    head = tokens[0].piece.decode("utf-8", "ignore")
    return "".join(_visible(one) for one in whole[len(head) :]) or whole


def _read(piece: bytes) -> list[str | int]:
    """Characters, and single bytes where they are none."""
    found: list[str | int] = []
    while piece:
        try:
            return [*found, *piece.decode("utf-8")]
        except UnicodeDecodeError as error:
            found += [*piece[: error.start].decode("utf-8"), *piece[error.start : error.start + 1]]
            piece = piece[error.start + 1 :]
    return found


def _visible(character: str) -> str:
    named = {" ": DOT, "\n": NEWLINE, "\r": RETURN, "\t": TAB}
    if character in named:
        return named[character]
    if character in (SPACE, DOT, RETURN, NEWLINE, TAB) or unicodedata.category(character) in (
        "Cc",
        "Cf",
        "Zl",
        "Zp",
        "Cn",
        "Co",
        "Zs",
    ):
        return f"⟨U+{ord(character):04X}⟩"
    return character


def _spaces(count: int, mark: str) -> str:
    return mark * count if count <= LONGEST_SPACES else f"{mark}×{count}"
