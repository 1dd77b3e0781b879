"""Pieces of a document into chunks, the texts that are embedded and found.

A paragraph stays whole up to `MOST_TOKENS` of the embedder; longer text is cut at ends of sentences, near
`TARGET_TOKENS`. Short neighbours under the same heading go together. Code is cut between blocks, a table
between rows with its header above each part. Nothing is lost, and nothing but a table's header is doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from teahouse.passages import Kind, Piece, Place
from teahouse_documents.chunking import boundaries, contents
from teahouse_documents.chunking.tables import TablePart, split_rows

MOST_TOKENS = 480
"""With the prefix and both ends it fits into the 512 that an encoder reads."""
TARGET_TOKENS = 256
VERSION = 2
"""Raised when the same pieces would give other chunks: everything is then cut anew."""
IDENTITY = f"chunks/{VERSION}"
"""Kept with each file that was cut."""
AT_ONCE = 256
"""Texts counted in one request."""

Count = Callable[[list[str]], Sequence[int]]
"""Tokens of each text by the embedder's tokenizer, without prefix and ends."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One text to embed and find.

    Attributes:
        place: Where it begins; its last line where lines are known.
        tokens: Of the text, by the embedder.
    """

    text: str
    kind: Kind
    place: Place
    tokens: int

    @property
    def heading(self) -> str:
        """The headings above it, in one line."""
        return " › ".join(self.place.heading)

    def as_json(self) -> dict[str, Any]:
        """As it crosses a pipe."""
        shown = {"text": self.text, "kind": self.kind, "tokens": self.tokens}
        return {**shown, "place": self.place.as_json()}


@dataclass(slots=True)
class _Atom:
    """A part that is not cut further: it has at most `most` tokens."""

    text: str
    kind: Kind
    place: Place
    tokens: int = 0
    is_begun: bool = False  # its piece has begun in an atom before it


@dataclass(slots=True)
class _Draft:
    """Atoms that become one chunk."""

    atoms: list[_Atom] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return sum(atom.tokens for atom in self.atoms)

    @property
    def is_heading(self) -> bool:
        return all(atom.kind == "heading" for atom in self.atoms)

    @property
    def text(self) -> str:
        parts = [
            ("" if atom.is_begun or not at else "\n\n") + atom.text for at, atom in enumerate(self.atoms)
        ]
        return _trimmed("".join(parts))


def cut(
    pieces: Iterable[Piece], count: Count, *, most: int = MOST_TOKENS, target: int = TARGET_TOKENS
) -> list[Chunk]:
    """Chunks of a document, in order.

    Args:
        most: Tokens that no chunk exceeds.
        target: Tokens that a chunk of longer text should have.
    """
    kept = [_Atom(piece.text, piece.kind, piece.place) for piece in pieces if piece.text.strip()]
    _count(kept, count)
    groups = _divided(kept, count, most)
    drafts = list(_joined(groups, most=most, target=min(target, most)))
    return list(_fitting(drafts, count, most))


# --- cutting ----------------------------------------------------------------------------------------


def _divided(pieces: Sequence[_Atom], count: Count, most: int) -> list[list[_Atom]]:
    """The atoms of each piece: itself where it fits."""
    groups = [[piece] for piece in pieces]
    for at, piece in enumerate(pieces):
        if piece.kind == "table" and piece.tokens > most:
            groups[at] = _table_atoms(piece, count, most)
    for level in range(max(len(boundaries.PROSE), len(boundaries.CODE))):
        _divide(groups, level, count, most)
    while any(atom.tokens > most for group in groups for atom in group):
        _divide(groups, -1, count, most)
    return groups


def _divide(groups: list[list[_Atom]], level: int, count: Count, most: int) -> None:
    """Cut what is too long at the places of this level."""
    fresh: list[_Atom] = []
    for group in groups:
        for at in reversed([at for at, atom in enumerate(group) if atom.tokens > most]):
            parts = _parts(group[at], level)
            if len(parts) > 1:
                group[at : at + 1] = parts
                fresh += parts
    _count(fresh, count)


def _parts(atom: _Atom, level: int) -> list[_Atom]:
    levels = boundaries.CODE if atom.kind == "code" else boundaries.PROSE
    if level >= len(levels):
        return [atom]
    split = levels[level] if level >= 0 else boundaries.halves
    parts: list[_Atom] = []
    place = _exact(atom)
    for text in split(atom.text):
        parts.append(_Atom(text, atom.kind, place, is_begun=bool(parts) or atom.is_begun))
        place = _moved(place, text.count("\n")) if place.last_line is None else place
    return parts


def _exact(atom: _Atom) -> Place:
    """Its place without the last line, where the lines of the text are those of the file."""
    first, last = atom.place.line, atom.place.last_line
    is_same = first is not None and last is not None and last - first == atom.text.rstrip().count("\n")
    return replace(atom.place, last_line=None) if is_same else atom.place


def _moved(place: Place, lines: int) -> Place:
    return place if place.line is None else replace(place, line=place.line + lines)


def _table_atoms(piece: _Atom, count: Count, most: int) -> list[_Atom]:
    """Parts of a table that fit, each with the header; rows that are too long stay as they are."""
    parts = split_rows(piece.text, lambda texts: _counts(texts, count), most)
    return [_Atom(part.text, "table", _rows_place(piece.place, part), part.tokens) for part in parts]


def _rows_place(place: Place, part: TablePart) -> Place:
    if place.line is None:
        return place
    return replace(place, line=place.line + part.first_row, last_line=place.line + part.last_row)


# --- joining ----------------------------------------------------------------------------------------


def _joined(groups: Iterable[list[_Atom]], *, most: int, target: int) -> Iterator[_Draft]:
    """Short neighbours together, long pieces in parts of about `target`."""
    draft = _Draft()
    for group in groups:
        parts = _packed(group, most=most, target=target)
        for at, part in enumerate(parts):
            if draft.atoms and (at or not _belongs(draft, part, most=most, target=target)):
                yield draft
                draft = _Draft()
            draft.atoms += part.atoms
    if draft.atoms:
        yield draft


def _packed(group: list[_Atom], *, most: int, target: int) -> list[_Draft]:
    """The atoms of one piece in parts of about the same length."""
    is_table = group[0].kind == "table"
    total = sum(atom.tokens for atom in group)
    aim = total / max(1, round(total / target))
    parts, done = [_Draft()], 0
    for atom in group:
        held = parts[-1].tokens
        is_enough = not atom.is_begun if is_table else done + atom.tokens / 2 > aim * len(parts)
        if held and (held + atom.tokens > most or is_enough):
            parts.append(_Draft())
        parts[-1].atoms.append(atom)
        done += atom.tokens
    return parts


def _belongs(draft: _Draft, part: _Draft, *, most: int, target: int) -> bool:
    """Whether a paragraph goes on in the chunk before it."""
    before, after = draft.atoms[-1], part.atoms[0]
    total = draft.tokens + part.tokens
    if total > most or _sheet(before.place) != _sheet(after.place):
        return False
    if draft.is_heading:
        return True
    if after.kind == "heading" or "table" in (before.kind, after.kind):
        return False
    if contents.is_contents(before.text) != contents.is_contents(after.text):
        return False  # a table of contents is a passage of its own, which is ranked as one
    if before.place.heading != after.place.heading and not _is_title(draft, after):
        return False
    is_tiny = draft.tokens < target // 8
    return is_tiny or (draft.tokens < target // 2 and total <= target)


def _is_title(draft: _Draft, after: _Atom) -> bool:
    """Whether the draft begins with the heading of what comes now."""
    first = draft.atoms[0]
    return (
        first.kind == "heading"
        and bool(after.place.heading)
        and after.place.heading[-1] == first.text.strip()
    )


def _sheet(place: Place) -> tuple[int | None, int | None, str]:
    return place.page, place.slide, place.sheet


# --- chunks -----------------------------------------------------------------------------------------


def _fitting(drafts: list[_Draft], count: Count, most: int) -> Iterator[Chunk]:
    """The chunks; a text can have more tokens than its parts together, and is then cut once more."""
    counts = _counts([draft.text for draft in drafts], count)
    for draft, tokens in zip(drafts, counts, strict=True):
        if tokens > most:
            yield from _fitting(_halved(draft, count), count, most)
        elif draft.text:
            yield Chunk(draft.text, _kind(draft), _place(draft), tokens)


def _halved(draft: _Draft, count: Count) -> list[_Draft]:
    atoms = draft.atoms
    if len(atoms) == 1:
        atoms = _parts(atoms[0], -1)
        _count(atoms, count)
    middle = len(atoms) // 2
    return [_Draft(atoms[:middle]), _Draft(atoms[middle:])]


def _kind(draft: _Draft) -> Kind:
    kinds = {atom.kind for atom in draft.atoms if atom.kind != "heading"}
    return kinds.pop() if len(kinds) == 1 else "text" if kinds else "heading"


def _place(draft: _Draft) -> Place:
    first = draft.atoms[0]
    body = next((atom for atom in draft.atoms if atom.kind != "heading"), first)
    place = replace(first.place, heading=body.place.heading or first.place.heading)
    ends = [end for end in map(_last_line, draft.atoms) if end is not None]
    return place if place.line is None or not ends else replace(place, last_line=max(ends))


def _last_line(atom: _Atom) -> int | None:
    if atom.place.line is None or atom.place.last_line is not None:
        return atom.place.last_line
    return atom.place.line + atom.text.rstrip().count("\n")


def _trimmed(text: str) -> str:
    """Without blank lines around it; the first line keeps its indentation."""
    lines = text.rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)


def _count(atoms: Sequence[_Atom], count: Count) -> None:
    for atom, tokens in zip(atoms, _counts([atom.text for atom in atoms], count), strict=True):
        atom.tokens = tokens


def _counts(texts: Iterable[str], count: Count) -> list[int]:
    found: list[int] = []
    rest = iter(texts)
    while batch := list(islice(rest, AT_ONCE)):
        found += count(batch)
    return found
