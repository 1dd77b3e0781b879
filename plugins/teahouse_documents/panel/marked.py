"""The stretch of a passage around the words that were looked for, with these set off; no text is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from teahouse.passages import Passage
from teahouse_documents.values import Found

SHOWN = 420
"""Characters of a passage on a card."""

BEFORE = 80
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
FIRST = re.compile(r"^[^\W_\u3400-\u9fff]{1,20}(?=\s)")
LAST = re.compile(r"(?<=\s)[^\W_\u3400-\u9fff]{1,20}$")
"""What may be the half of a word at an end; Han has no spaces between words."""
RULE = re.compile(r"[\s|:-]+")
"""The line below a table's header, in Markdown."""


def plain_text(hit: Passage) -> str:
    """A passage in one line; the strokes of a table are dots."""
    lines = hit.text.splitlines()
    if hit.kind == "table":
        rows = (line.strip().strip("|") for line in lines if not RULE.fullmatch(line))
        lines = [" · ".join(cell.strip() for cell in row.split("|")) for row in rows]
        return " / ".join(line for line in lines if line)
    return " ".join(" ".join(lines).split())


def terms_of(found: Found) -> list[str]:
    """The words that were really looked for, longest first: without those that say nothing."""
    known = found.trace.get("terms")
    terms = [str(one.get("term", "")) for one in known if one.get("used")] if isinstance(known, list) else []
    return sorted({term.strip("*") for term in terms if term.strip("*")}, key=len, reverse=True)


def excerpt(text: str, terms: Sequence[str], *, is_whole: bool = True) -> str:
    """The part of a text that is shown: around the first place with one of the words.

    Args:
        is_whole: Whether it is all there was; else it is only its beginning.
    """
    if len(text) <= SHOWN:
        return text if is_whole else f"{LAST.sub('', text).rstrip()} …"
    found = _pattern(terms).search(text) if terms else None
    start = max(0, min(found.start() - BEFORE, len(text) - SHOWN)) if found is not None else 0
    part = text[start : start + SHOWN]
    if start:
        part = FIRST.sub("", part)
    if start + SHOWN < len(text):
        part = LAST.sub("", part)
    part = part.strip()
    return ("… " if start else "") + part + (" …" if start + SHOWN < len(text) else "")


def as_html(text: str, terms: Sequence[str]) -> str:
    """The text with the words in bold, as HTML in which nothing of the text is markup."""
    if not terms:
        return escape(text)
    pieces, at = [], 0
    for found in _pattern(terms).finditer(text):
        pieces += [escape(text[at : found.start()]), f"<b>{escape(found[0])}</b>"]
        at = found.end()
    return "".join([*pieces, escape(text[at:])])


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Of Latin words also the longer forms, which the index has by their stem."""
    parts = [re.escape(term) if HAN.search(term) else rf"\b{re.escape(term)}\w*" for term in terms]
    return re.compile("|".join(parts), re.IGNORECASE)
