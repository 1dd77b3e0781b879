"""From the lines of a PDF's pages to paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from teahouse.passages import Kind, Piece, Place
from teahouse_documents.chunking import contents
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.normal import is_han, one_line
from teahouse_documents.loaders.paragraphs import ENDS_SENTENCE, IS_ITEM, chapter_level
from teahouse_documents.loaders.pdf_lines import HYPHEN, Line, PageLines

MARGIN = 0.1
"""Share of the page at its top and bottom where what repeats is no text of its own."""

SAME_HEIGHT = 4.0
PAGE_NUMBER = re.compile(
    r"^[\s\-–—·.|]*(?:第|page|seite|p\.)?\s*(?:\d{1,5}|[ivxlcdm]{1,8})\s*(?:页|頁)?"
    r"(?:\s*(?:/|of|，?共)\s*\d{1,5}\s*(?:页|頁)?)?[\s\-–—·.|]*$",
    re.I,
)
NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,3}){0,4})\.?\s+\S")
LARGER = 1.13
LEVELS_BY_RATIO = ((1.9, 1), (1.45, 2), (1.2, 3), (0.0, 4))
BOLD_LEVEL = 5
HEADING_CHARS = 160
BOLD_CHARS = 90
WIDE_GAP = 1.4
INDENT = 0.9
SHORT = 0.82
LEADERS = re.compile(r"(?:\s?[.·…]){4,}\s*\d*$")
CODE_CHARS = 1500

Outline = Mapping[int, Sequence[tuple[int, str]]]


def body_size(pages: Iterable[PageLines]) -> float:
    """Size of the letters that most of the text has; 0 where there is no text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def without_margins(page: PageLines, others: Sequence[PageLines]) -> PageLines:
    """The page without running titles and page numbers: what stands in the margin of its neighbours too."""
    repeated = {
        (_words(line), round(line.bottom)) for one in others for line in one.lines if _in_margin(one, line)
    }
    kept = [
        line
        for line in page.lines
        if not (_in_margin(page, line) and (PAGE_NUMBER.match(line.text) or _is_among(line, repeated)))
    ]
    return replace(page, lines=kept)


def _words(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _in_margin(page: PageLines, line: Line) -> bool:
    return line.bottom < MARGIN * page.height or line.bottom + line.size > (1 - MARGIN) * page.height


def _is_among(line: Line, repeated: set[tuple[str, int]]) -> bool:
    words = _words(line)
    return any(words == other and abs(line.bottom - height) <= SAME_HEIGHT for other, height in repeated)


@dataclass(slots=True)
class _Open:
    """The block being put together; one of contents is a part of the document's table of contents."""

    kind: Kind = "text"
    is_contents: bool = False
    level: int = 0
    lines: list[Line] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)  # lines that begin anew: the one before is short


class Layout:
    """Turns pages into pieces, one after the other.

    Args:
        outline: The document's bookmarks by page.
        size: Of the letters of the text.
        pages: How many the document has.
    """

    def __init__(self, outline: Outline, size: float, *, pages: int) -> None:
        self._outline = outline
        self._pages = pages
        self._has_contents = False
        self._size = size or 1.0
        self._headings = Headings()
        self._deepest = 0

    def pieces(self, page: PageLines, number: int) -> Iterator[Piece]:
        """The pieces of a page; `number` counts from 0."""
        waiting = list(self._outline.get(number, ()))
        pitches = {is_mono: _pitch(page.lines, is_mono=is_mono) for is_mono in (False, True)}
        listed = contents.find([one.text for one in page.lines], self._pages, goes_on=self._has_contents)
        self._has_contents = bool(listed)
        block = _Open()
        for place, line in enumerate(page.lines):
            is_listed = place in listed
            level, waiting = (0, waiting) if is_listed else self._level(line, waiting)
            kind: Kind = "heading" if level else "code" if line.is_mono and not is_listed else "text"
            if block.is_contents or is_listed:
                goes_on = block.is_contents is is_listed and _size(block) < CODE_CHARS
            else:
                goes_on = self._goes_on(block, line, kind, level, page, pitches[line.is_mono])
            if block.lines and not goes_on:
                yield from self._close(block, number)
                block = _Open()
            block.kind, block.level, block.is_contents = kind, block.level or level, is_listed
            block.lines.append(line)
        if block.lines:
            yield from self._close(block, number)
        for level, title in waiting:  # their words stand on the page in another form
            self._headings.enter(level, title)

    # --- inside -----------------------------------------------------------------------------------

    def _level(self, line: Line, waiting: list[tuple[int, str]]) -> tuple[int, list[tuple[int, str]]]:
        """Level of a line that is a heading, 0 for text; and the page's bookmarks that are still to come."""
        text = line.text.strip()
        for place, (level, title) in enumerate(waiting[:4]):
            if _is_title(text, title):
                for earlier, words in waiting[:place]:
                    self._headings.enter(earlier, words)
                self._deepest = level
                return level, waiting[place + 1 :]
        if line.is_mono or line.is_row or len(text) > HEADING_CHARS or LEADERS.search(text):
            return 0, waiting
        ratio = line.size / self._size
        numbered = NUMBERED.match(text)
        by_words = numbered[1].count(".") + 1 if numbered else chapter_level(text)
        is_large = ratio >= LARGER and any(c.isalpha() for c in text)
        is_bold = line.is_bold and by_words and ratio > 0.95 and len(text) <= BOLD_CHARS
        if not is_large and not is_bold:
            return 0, waiting
        level = by_words or next(level for least, level in LEVELS_BY_RATIO if ratio >= least)
        return (max(level, self._deepest + 1) if self._outline else level), waiting

    def _goes_on(
        self, block: _Open, line: Line, kind: Kind, level: int, page: PageLines, pitch: float
    ) -> bool:
        """Whether a line belongs to the block before it."""
        if not block.lines:
            return True
        last = block.lines[-1]
        if kind != block.kind:
            return False
        gap = last.bottom - line.bottom
        if kind == "heading":
            is_same = abs(last.size - line.size) < 0.6 and 0 < gap < 2.2 * line.size
            return (
                is_same and (level == block.level or not NUMBERED.match(line.text)) and len(block.lines) < 4
            )
        if kind == "code":
            return 0 <= gap < 2.5 * pitch and _size(block) < CODE_CHARS
        if (
            gap > WIDE_GAP * pitch
            or IS_ITEM.match(line.text)
            or abs(last.size - line.size) > 0.12 * self._size
        ):
            return False
        is_short = _is_short(page, last)
        if IS_ITEM.match(block.lines[0].text):
            return not is_short and line.left > block.lines[0].left - 0.3 * line.size
        if gap >= 0 and line.left > last.left + INDENT * line.size and not last.is_row:
            return last.left > _left(page, last) + INDENT * line.size and len(block.lines) > 1
        if is_short and ENDS_SENTENCE.search(last.text):
            return False
        if is_short:
            block.breaks.add(len(block.lines))
        return True

    def _close(self, block: _Open, number: int) -> Iterator[Piece]:
        lines = block.lines
        if block.kind == "heading":
            words = one_line(join_printed([line.text for line in lines]))
            place = Place(page=number + 1, heading=self._headings.enter(block.level, words))
            yield Piece(words, "heading", place)
            return
        place = Place(page=number + 1, heading=self._headings.path)
        if block.kind == "code":
            yield Piece(_code(lines), "code", place)
        elif block.is_contents:
            yield Piece("\n".join(contents.plain(line.text) for line in lines), "text", place)
        else:
            starts = [0, *(at for at in range(1, len(lines)) if at in block.breaks or lines[at - 1].is_row)]
            ends = [*starts[1:], len(lines)]
            runs = (lines[start:end] for start, end in zip(starts, ends, strict=True))
            yield Piece("\n".join(join_printed([line.text for line in run]) for run in runs), "text", place)


def join_printed(lines: Sequence[str]) -> str:
    """Printed lines as running text: divided words are whole again, Han characters stand together."""
    parts: list[str] = []
    for line in lines:
        before = parts[-1] if parts else ""
        if before.endswith(HYPHEN):
            is_divided = line[:1].islower() or is_han(line[:1] or " ")
            parts[-1] = before[:-1] + ("" if is_divided else "-")
        elif before and not (is_han(before[-1]) and is_han(line[:1] or " ")):
            parts.append(" ")
        parts.append(line)
    return "".join(parts).replace(HYPHEN, "-" if len(lines) == 1 else "")


def _size(block: _Open) -> int:
    return sum(len(line.text) for line in block.lines)


def _is_title(text: str, title: str) -> bool:
    """Whether a line is a bookmark's title, perhaps with its number before it."""
    squeezed, wanted = "".join(text.split()).lower(), "".join(title.split()).lower()
    if not wanted or not squeezed.endswith(wanted):
        return False
    before = squeezed[: len(squeezed) - len(wanted)]
    return len(before) <= 12 and (not before or before[0].isdigit() or chapter_level(text) > 0)


def _is_short(page: PageLines, line: Line) -> bool:
    """Whether a line ends far before others of its column do."""
    right = max((one.right for one in page.lines if abs(one.left - line.left) < 0.12 * page.width), default=0)
    return line.right - line.left < SHORT * (right - line.left)


def _pitch(lines: Sequence[Line], *, is_mono: bool) -> float:
    """The usual distance between two lines of a paragraph, or of a program."""
    pairs = ((a, b) for a, b in pairwise(lines) if a.is_mono == b.is_mono == is_mono)
    gaps = [round(a.bottom - b.bottom) for a, b in pairs if abs(a.size - b.size) < 1]
    usual = Counter(gap for gap in gaps if gap > 0).most_common(1)
    return float(usual[0][0]) if usual else 1.3 * max((line.size for line in lines), default=12.0)


def _left(page: PageLines, line: Line) -> float:
    """The left edge of the column that a line stands in."""
    return min(
        (one.left for one in page.lines if abs(one.left - line.left) < 0.12 * page.width), default=line.left
    )


def _code(lines: Sequence[Line]) -> str:
    """Lines of a program, indented as they stand."""
    edge = min(line.left for line in lines)
    return "\n".join(
        " " * max(0, round((line.left - edge) / (0.6 * (line.size or 1)))) + line.text for line in lines
    )
