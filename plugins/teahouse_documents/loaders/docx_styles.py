"""Which styles of a Word document make a paragraph a heading, and of which level."""

from __future__ import annotations

import re
from typing import Any

from teahouse_documents.loaders.ooxml import child, children, has, value
from teahouse_documents.loaders.xml import attribute, local

HEADING_NAME = re.compile(r"^(?:heading|标题|標題|見出し|überschrift|titre)\s*(\d)$", re.I)
TITLES = ("title", "标题", "標題")
BODY_LEVEL = 9
CHAIN_LONGEST = 20


class Styles:
    """The paragraph styles of a document.

    Args:
        roots: Root elements of its style parts, of which there is one.
    """

    def __init__(self, roots: list[Any]) -> None:
        styles = [one for root in roots for one in children(root, "style")]
        self._by_id = {attribute(one, "styleId"): one for one in styles}

    def level(self, paragraph: Any) -> int | None:
        """From 1, 0 for the document's title; None for a paragraph that is no heading."""
        own = child(paragraph, "pPr")
        if own is None:
            return None
        said = _outline(own)
        if said is not None:
            return said + 1 if said < BODY_LEVEL else None
        style_id = value(own, "pStyle")
        for _step in range(CHAIN_LONGEST):
            style = self._by_id.get(style_id)
            if style is None:
                return None
            level = _style_level(style)
            if level is not None:
                return level if level <= BODY_LEVEL else None
            style_id = value(style, "basedOn")
        return None

    def is_all_bold(self, paragraph: Any) -> bool:
        """Whether every run with words is bold by itself, and there is one."""
        runs = [one for one in paragraph.iter() if local(one) == "r" and _words(one)]
        return bool(runs) and all(has(run, "rPr", "b") for run in runs)


def _style_level(style: Any) -> int | None:
    said = child(style, "pPr")
    outline = _outline(said) if said is not None else None
    if outline is not None:
        return outline + 1
    name = value(style, "name").strip().lower()
    if name in TITLES:
        return 0
    found = HEADING_NAME.match(name)
    return int(found[1]) if found else None


def _outline(properties: Any) -> int | None:
    text = value(properties, "outlineLvl")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 1 else None


def _words(run: Any) -> str:
    return "".join(one.text or "" for one in children(run, "t")).strip()
