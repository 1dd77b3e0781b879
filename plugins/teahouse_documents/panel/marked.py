"""The stretch of a passage around the words that were looked for, with these set off; no text is markup."""

from __future__ import annotations

import re
from html import escape

SHOWN = 420
"""Characters of a passage on a card."""

BEFORE = 80
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
WORD = re.compile(r"[^\W_]+")


def excerpt(text: str, query: str) -> str:
    """The part of a passage that is shown: around the first place with a word of the query."""
    whole = " ".join(text.split())
    found = _pattern(query).search(whole) if _terms(query) else None
    if len(whole) <= SHOWN or found is None:
        return whole if len(whole) <= SHOWN else whole[:SHOWN].rstrip() + " …"
    start = max(0, min(found.start() - BEFORE, len(whole) - SHOWN))
    part = whole[start : start + SHOWN].strip()
    return ("… " if start else "") + part + (" …" if start + SHOWN < len(whole) else "")


def as_html(text: str, query: str) -> str:
    """The text with the query's words in bold, as HTML in which nothing of the text is markup."""
    if not _terms(query):
        return escape(text)
    pieces, at = [], 0
    for found in _pattern(query).finditer(text):
        pieces += [escape(text[at : found.start()]), f"<b>{escape(found[0])}</b>"]
        at = found.end()
    return "".join([*pieces, escape(text[at:])])


def _terms(query: str) -> list[str]:
    """Words of a query; of Han runs the run itself and its pairs, as the index has them."""
    terms: list[str] = []
    for word in WORD.findall(query):
        for run in HAN.findall(word):
            terms += [run, *(run[at : at + 2] for at in range(len(run) - 1))]
        terms += [part for part in HAN.split(word) if len(part) > 1 or part.isdigit()]
    return sorted(set(terms), key=len, reverse=True)


def _pattern(query: str) -> re.Pattern[str]:
    parts = [re.escape(t) if HAN.match(t) else rf"\b{re.escape(t)}" for t in _terms(query)]
    return re.compile("|".join(parts), re.IGNORECASE)
