"""What a model wrote when it was asked for a title, made fit to be one."""

from __future__ import annotations

import re
import unicodedata

LONGEST_CHARS = 60
LONGEST_WORDS = 12
LONGEST_HAN = 24
"""Models are asked for fewer; what is longer still is cut here."""

ENOUGH_CHARS = 240
"""More than this is no title; nobody waits for its end."""

HAN_SHARE = 0.3
"""Part of the letters from which on a text is Chinese: code and names in it are not."""

QUOTES = ('""', "''", "“”", "‘’", "«»", "‹›", "„“", "「」", "『』", "《》", "【】", "**", "__")
LABEL = re.compile(
    r"\A(?:(?:the |our |conversation |chat |suggested )*title|标题|標題|题目|題目|对话标题|對話標題"
    r"|タイトル|제목|titre|titel|título|titolo|заголовок|название)\s*[:：]\s*",
    re.IGNORECASE,
)
LEAD = re.compile(r"\A(?:[#>*•–—-]+|\d{1,2}[.)])\s+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
EMPHASIS = re.compile(r"\*\*|~~|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
STOPS = ".。,，;；"
KEPT_FORMATS = "\u200c\u200d"
"""Joiners: scripts and emoji need them."""


def clean_title(text: str, ask: str = "") -> str:
    """The title in a text; empty where there is none.

    One line without marks of Markdown, quotation marks around it, a label such as “Title:”, reasoning or
    control characters, of bounded length.

    Args:
        ask: What was asked: a model that repeats it has not answered.
    """
    lines = [_plain(line) for line in THOUGHT.sub("", text).splitlines()]
    title = _cut(next((line for line in lines if any(c.isalnum() for c in line)), ""))
    return "" if title and title.rstrip("…").casefold() in ask.casefold() else title


def is_whole(text: str) -> bool:
    """Whether a title stands in what has been written so far, and its line is over."""
    head, newline, _rest = text.lstrip().rpartition("\n")
    return bool(newline and clean_title(head)) or len(text) > ENOUGH_CHARS


def is_han_text(text: str) -> bool:
    """Whether a text is Chinese."""
    letters = [c for c in text if c.isalpha()]
    if any("\u3040" <= c <= "\u30ff" for c in letters):  # kana: Japanese
        return False
    return sum(_is_han(c) for c in letters) > len(letters) * HAN_SHARE


def _plain(line: str) -> str:
    """A line without what stands around a title; empty where it only announces one."""
    shown = "".join(_shown(character) for character in LINK.sub(r"\1", line))
    line = " ".join(EMPHASIS.sub("", shown).split())
    if line.endswith((":", "：")):
        return ""
    for _layer in range(6):  # > Title: “x” has three
        before = line
        line = _unquoted(LABEL.sub("", LEAD.sub("", line)).strip().rstrip(STOPS))
        if line == before:
            break
    return line.strip(" *")


def _unquoted(line: str) -> str:
    for marks in QUOTES:
        inner = line[1:-1]
        is_around = len(line) > 2 and line[0] == marks[0] and line[-1] == marks[1]
        if is_around and (marks[0] == marks[1] or not set(marks) & set(inner)):
            return inner.strip()
    return line


def _cut(title: str) -> str:
    """At most so many words, characters and Han characters; what is cut ends in “…”."""
    short = " ".join(title.split(" ")[:LONGEST_WORDS])[:LONGEST_CHARS]
    han = 0
    for place, character in enumerate(short):
        han += _is_han(character)
        if han > LONGEST_HAN:
            short = short[:place]
            break
    return title if short == title else short[: LONGEST_CHARS - 1].rstrip(" ,，、;；:：-") + "…"


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"


def _shown(character: str) -> str:
    """A character as it may stand in a title: control characters are spaces, invisible ones nothing."""
    category = unicodedata.category(character)
    if category[0] != "C" or character in KEPT_FORMATS:
        return character
    return " " if category == "Cc" else ""
