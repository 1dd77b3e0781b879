"""Text as it is stored: one form of each character, and no character that only harms.

Sources: Unicode Standard Annex 15 (NFC); the charts of vertical forms (FE10–FE1F), CJK compatibility forms
(FE30–FE4F) and CJK radicals (2E80–2FDF).
"""

from __future__ import annotations

import re
import unicodedata

UPRIGHT = str.maketrans(
    "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
    "，、。：；！？〖〗…：—–＿（）｛｝〔〕【】《》〈〉「」『』",
)
"""Punctuation of vertical writing, as it is written from left to right; ︰ is a colon in texts from Big5."""

ENDS_OF_LINE = re.compile(r"\r\n?|[\u2028\u2029\x85\v\f]")
HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u00ad\u200b\u200e\u200f\u2060\ufeff"  # hyphens that may show, widths of nothing, marks of direction
    "\u202a-\u202e\u2066-\u2069"  # turns the writing round, so that it shows what it does not say
    "\ufff9-\ufffb\U000e0000-\U000e007f]"  # annotations and tags, invisible
)
SURROGATES = re.compile("[\ud800-\udfff]")
RADICALS = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")
"""Parts of characters that fonts in PDFs stand in for the characters, and joined Latin letters."""

OTHER_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
SPACES_AT_END = " \t\u00a0\u3000"
MANY_BLANK_LINES = re.compile(r"\n{3,}")

HAN = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
IS_HAN = re.compile(f"[{HAN}]")
BETWEEN_HAN = re.compile(f"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])")


def clean(text: str, *, is_code: bool = False) -> str:
    """The text in NFC, with plain line ends and without characters that do not show.

    Args:
        is_code: Spaces, blank lines and vertical forms stay as they are.
    """
    text = SURROGATES.sub("\ufffd", HARMFUL.sub("", ENDS_OF_LINE.sub("\n", text)))
    # by lines: a pattern for spaces at the end takes the square of a long run of spaces
    lines = unicodedata.normalize("NFC", text).split("\n")
    text = "\n".join(line.rstrip(SPACES_AT_END) for line in lines)
    if not is_code:
        text = MANY_BLANK_LINES.sub("\n\n", OTHER_BLANKS.sub(" ", text.translate(UPRIGHT)))
    return text.strip("\n")


def one_line(text: str) -> str:
    """The text on one line with single spaces, as a heading is."""
    return " ".join(ENDS_OF_LINE.sub("\n", text).split())


def plain_forms(text: str) -> str:
    """Radicals and ligatures as the characters that they stand for."""
    return RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def is_han(character: str) -> bool:
    """Whether it is written without spaces to its neighbours: Han, kana, their punctuation, full width."""
    return IS_HAN.match(character) is not None


def join(first: str, second: str) -> str:
    """Two lines of one paragraph; nothing comes between Han characters, a space between words."""
    if not first or not second:
        return first or second
    between = "" if is_han(first[-1]) and is_han(second[0]) else " "
    return first.rstrip() + between + second.lstrip()


def join_lines(lines: list[str]) -> str:
    """The lines of one paragraph as one."""
    parts: list[str] = []
    for line in (one.strip() for one in lines):
        if not line:
            continue
        if parts and not (is_han(parts[-1][-1]) and is_han(line[0])):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def close_han(text: str) -> str:
    """Without spaces between Han characters, which come from how a page was set."""
    return BETWEEN_HAN.sub("", text)
