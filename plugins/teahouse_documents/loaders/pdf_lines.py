"""The lines of a PDF's page with where and how they stand, as PDFium gives them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from teahouse_documents.loaders.normal import close_han, plain_forms

HYPHEN = "\x02"
"""What PDFium gives for a hyphen that divides a word at the end of a line."""

LEAST_CHARS = 12
"""A page with fewer has no text: a scanner's stamp."""

JUNK = re.compile("[\x00-\x01\x03-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
MOST_JUNK = 0.3
"""Share of characters without meaning from which on the fonts say nothing about the text."""

BOLD_WEIGHT = 650
FIXED_PITCH = 1
MONO_NAMES = re.compile(r"mono|courier|consol|typewriter|code|menlo|cmtt|fixed", re.I)
MANY_PATHS = 200
OBJECTS_LOOKED_AT = 400
SAME_LINE = 0.35
LEAST_DROP = 4.0
"""Points by which the end of a line lies lower than its beginning before anybody looks closer."""
BELOW = 0.8
"""In heights of a letter: what begins so much lower, and further left, is another line."""
MOST_CHARS = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line; lengths in points from the page's lower left corner.

    Args:
        size: Of its letters.
        is_row: Its parts stand apart, as cells do.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    is_bold: bool = False
    is_mono: bool = False
    is_row: bool = False


@dataclass(slots=True)
class PageLines:
    """The lines of a page in the order of its content.

    Args:
        is_picture: It shows pictures or many drawn shapes.
    """

    lines: list[Line] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    is_picture: bool = False

    @property
    def has_no_text(self) -> bool:
        """Whether nothing on it can be read as text."""
        return sum(len(line.text.strip()) for line in self.lines) < LEAST_CHARS


def read_lines(document: Any, number: int) -> PageLines:
    """The lines of a page.

    Args:
        document: An open `pypdfium2.PdfDocument`.
        number: From 0.

    Raises:
        pypdfium2.PdfiumError: The page is damaged.
    """
    with closing(document[number]) as page:
        width, height = page.get_size()
        with closing(page.get_textpage()) as text_page:
            text = _text(text_page)
            junk = len(JUNK.findall(text))
            is_junk = junk > MOST_JUNK * max(1, len(text))
            lines = [] if is_junk else _join_fragments(_lines(text_page, text))
        found = PageLines(lines, width, height)
        found.is_picture = found.has_no_text and (is_junk or _shows_pictures(page))
        return found


def _text(text_page: Any) -> str:
    """All characters, each at its own index."""
    import pypdfium2.raw as raw

    count = min(text_page.count_chars(), MOST_CHARS)
    if count <= 0:
        return ""
    text = str(text_page.get_text_range(0, count)).replace("\ufffe", HYPHEN)
    if len(text) == count:
        return text
    return "".join(_character(raw.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


def _lines(text_page: Any, text: str) -> Iterator[Line]:
    start = 0
    for part in text.split("\n"):
        words = part.strip()
        if words.strip(HYPHEN):
            first = start + len(part) - len(part.lstrip())
            last = start + len(part.rstrip()) - 1
            yield from _parted(text_page, words, first, last)
        start += len(part) + 1


def _parted(text_page: Any, words: str, first: int, last: int) -> Iterator[Line]:
    """A line, or two: PDFium runs the end of a paragraph and what stands below it together now and then."""
    if abs(_box(text_page, first).bottom - _box(text_page, last).bottom) >= LEAST_DROP:
        for at in (found.start() for found in re.finditer(r"(?<=\S)\s(?=\S)", words)):
            before, after = _box(text_page, first + at - 1), _box(text_page, first + at + 1)
            drop, tall = before.bottom - after.bottom, before.top - before.bottom
            if drop > BELOW * tall > 0 and after.right < before.left:
                yield _line(text_page, words[:at], first, first + at - 1)
                yield from _parted(text_page, words[at + 1 :], first + at + 1, last)
                return
    yield _line(text_page, words, first, last)


def _box(text_page: Any, index: int) -> Any:
    import pypdfium2.raw as raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, box)
    return box


def _line(text_page: Any, words: str, first: int, last: int) -> Line:
    import pypdfium2.raw as raw

    box, end = _box(text_page, first), _box(text_page, last)
    # the first letter, the middle and the last: a word in another font says nothing about the line
    samples = (first, (first + last) // 2, last)
    size = sorted(float(raw.FPDFText_GetFontSize(text_page, index)) for index in samples)[1]
    tall = abs(box.top - box.bottom)
    if not 0.5 < size / (tall or 1.0) < 1.7:  # the page itself is scaled, not the font
        size = tall
    return Line(
        close_han(plain_forms(words)),
        box.left,
        max(end.right, box.right),
        box.bottom,
        round(size, 1),
        is_bold=sum(raw.FPDFText_GetFontWeight(text_page, index) >= BOLD_WEIGHT for index in samples) > 1,
        is_mono=sum(_is_mono(text_page, index) for index in samples) > 1,
    )


def _is_mono(text_page: Any, index: int) -> bool:
    import pypdfium2.raw as raw

    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 128, ctypes.byref(flags))
    said = name.value.decode("utf-8", "replace")
    return bool(flags.value & FIXED_PITCH) or MONO_NAMES.search(said) is not None


def _join_fragments(lines: Iterator[Line]) -> list[Line]:
    """Parts on the same height, one right of the other, as one line: cells, a number and its title."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        is_beside = last is not None and abs(last.bottom - line.bottom) < SAME_LINE * line.size
        if last is not None and is_beside and line.left >= last.right - 0.5 * line.size:
            gap = line.left - last.right
            between = "  " if gap > line.size else " " if gap > 0.2 * line.size else ""
            text, is_row = last.text + between + line.text, last.is_row or gap > line.size
            joined[-1] = replace(last, text=text, right=line.right, is_row=is_row)
        else:
            joined.append(line)
    return joined


def _shows_pictures(page: Any) -> bool:
    import pypdfium2.raw as raw

    paths = 0
    for number, one in enumerate(page.get_objects(max_depth=3)):
        if one.type == raw.FPDF_PAGEOBJ_IMAGE:
            return True
        paths += one.type == raw.FPDF_PAGEOBJ_PATH
        if paths > MANY_PATHS:
            return True
        if number > OBJECTS_LOOKED_AT:
            break
    return False
