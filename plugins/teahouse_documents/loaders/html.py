"""Web pages: the text that people read, by headings, paragraphs, lists, code, tables; no scripts, no menus.

The tree is walked without recursion, so that no depth of nesting matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from teahouse.passages import Kind, LoadContext, Piece, Place
from teahouse_documents.loaders.files import decode_bytes, read_bytes
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.html_tables import as_rows
from teahouse_documents.loaders.normal import HAN, one_line
from teahouse_documents.loaders.refusal import broken
from teahouse_documents.loaders.tables import parts
from teahouse_documents.loaders.xml import local

NEVER = """
    script style noscript template svg canvas iframe object embed audio video form input button select
    textarea nav footer aside dialog menu rt rp head map area frame frameset applet
"""
BLOCKS = """
    address article blockquote body center caption dd details div dl dt fieldset figcaption figure h1 h2 h3 h4
    h5 h6 header hr html legend li main ol p section summary table tbody td tfoot th thead tr ul
"""
AROUND = """
    headerlink anchor-link docnav navheader navfooter sphinxsidebar breadcrumb breadcrumbs toc related nav
    navbar site-header site-footer cookie mw-editsection reference-back
"""
ASIDES = "note warning tip caution important admonition danger hint sidebar callout"
"""Classes of notes in the text, whose titles are no sections."""

NEVER_TAGS, BLOCK_TAGS = frozenset(NEVER.split()), frozenset(BLOCKS.split())
AROUND_CLASSES, ASIDE_CLASSES = frozenset(AROUND.split()), frozenset(ASIDES.split())
AROUND_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
MAIN = "//main | //*[@role='main'] | //article"
MAIN_SHARE = 0.3
DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w-]+)", re.I
)
DECLARED_WITHIN = 4096
LINE_BREAK = "\n"
SPACES = re.compile(r"[ \t\r\n\f]+")
BROKEN_HAN = re.compile(f"(?<=[{HAN}])[ \t\r]*\n\\s*(?=[{HAN}])")


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a page."""
    root = parse_html(read_bytes(path))
    yield from Page(root).pieces(title=page_title(root))


def parse_html(data: bytes) -> Any:
    """The root element of a page, in whatever encoding it is.

    Raises:
        Refused: It is no text, or has no element.
    """
    named = DECLARED.search(data[:DECLARED_WITHIN])
    text = decode_bytes(data, (named[1] or named[2]).decode("ascii") if named else "")
    return parse_html_text(text)


def parse_html_text(text: str) -> Any:
    """The same from text."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken("HTML") from error
    if root is None:
        raise broken("HTML")
    return root


def page_title(root: Any) -> str:
    """What the page's title says; empty where a heading of it says the same."""
    title = one_line("".join(next(iter(root.xpath("//title")), [])).strip() or _text(root, "//title"))
    squeezed = "".join(title.split()).lower()
    for heading in root.xpath("//h1 | //h2")[:3]:
        words = "".join("".join(heading.itertext()).split()).strip("¶#").lower()
        if words and (words in squeezed or squeezed in words):
            return ""
    return title


def _text(root: Any, path: str) -> str:
    found = root.xpath(path)
    return "".join(found[0].itertext()) if found else ""


class Page:
    """One page, walked once.

    Args:
        headings: What is above it, and goes on with it: the chapters of a book are several pages.
        marks: Level and words of headings by the id of the element they stand at, for pages whose
            headings are not marked as such.
        levels: Of headings by their words without spaces, where another list knows them better.
    """

    def __init__(
        self,
        root: Any,
        headings: Headings | None = None,
        marks: Mapping[str, tuple[int, str]] | None = None,
        levels: Mapping[str, int] | None = None,
    ) -> None:
        self._root = root
        self._headings = headings or Headings()
        self._marks = dict(marks or {})
        self._levels = levels or {}
        self._buffer: list[str] = []
        self._ready: list[Piece] = []
        self._known = 0

    def pieces(self, *, title: str = "") -> Iterator[Piece]:
        """The pieces in order; `title` stands above them all."""
        if title:
            yield Piece(title, "heading", Place(heading=self._headings.enter(0, title)))
        top = self._top()
        stack = [(top, iter(top))]
        self._enter(top)
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(element)
                if stack:
                    self._buffer.append(element.tail or "")
            elif self._takes(child):
                self._enter(child)
                stack.append((child, iter(child)))
            else:
                self._buffer.append(child.tail or "")
            yield from self._ready
            self._ready.clear()
        self._flush()
        yield from self._ready

    # --- inside -----------------------------------------------------------------------------------

    def _top(self) -> Any:
        """The part of the page that holds its text."""
        bodies = self._root.xpath("//body")
        body = bodies[0] if bodies else self._root
        found = [one for one in body.xpath(MAIN) if _length(one) >= MAIN_SHARE * _length(body)]
        return found[0] if found else body

    def _takes(self, child: Any) -> bool:
        """Whether to walk into a child; tables and code are taken here as a whole."""
        tag = local(child)
        if not tag or tag in NEVER_TAGS or _is_around(child):
            return False
        if tag == "pre":
            self._flush()
            self._add("".join(child.itertext()).strip("\n"), "code")
            return False
        if tag == "table" and (rows := as_rows(child)):
            self._flush()
            for part in parts(enumerate(rows[1:], start=1), rows[0]):
                self._add(part.text, "table")
            return False
        return True

    def _enter(self, element: Any) -> None:
        tag = local(element)
        if mark := self._marks.pop(element.get("id", ""), None):
            self._flush()
            self._heading(*mark)
        if tag in BLOCK_TAGS:
            self._flush()
        if tag == "br":
            self._buffer.append("\x00")  # a line break that stays; no page holds this character
        self._buffer.append(element.text or "")

    def _leave(self, element: Any) -> None:
        tag = local(element)
        if tag in HEADINGS:
            words = self._take().rstrip("¶#").strip()
            if words and not _is_aside(element):
                self._heading(HEADINGS[tag], one_line(words))
            elif words:
                self._add(words, "text")
        elif tag == "figcaption" or tag == "caption":
            self._flush("caption")
        elif tag == "li":
            self._flush(before="- ")
        elif tag in BLOCK_TAGS:
            self._flush()

    def _heading(self, level: int, words: str) -> None:
        if known := self._levels.get("".join(words.split())):
            self._known = level = known
        elif self._levels:
            level = max(level, self._known + 1)
        self._ready.append(Piece(words, "heading", Place(heading=self._headings.enter(level, words))))

    def _flush(self, kind: Kind = "text", before: str = "") -> None:
        if text := self._take():
            self._add(before + text, kind)

    def _add(self, text: str, kind: Kind) -> None:
        if text.strip():
            self._ready.append(Piece(text, kind, Place(heading=self._headings.path)))

    def _take(self) -> str:
        """The text since the last block, with single spaces."""
        text = BROKEN_HAN.sub("", "".join(self._buffer))
        self._buffer.clear()
        return "\n".join(SPACES.sub(" ", line).strip() for line in text.split("\x00")).strip()


def _is_around(element: Any) -> bool:
    """Whether it belongs to the site and not to the text, or is not shown."""
    classes = set(str(element.get("class", "")).lower().split())
    is_hidden = element.get("hidden") is not None or HIDDEN.search(str(element.get("style", "")))
    is_around = classes & AROUND_CLASSES or str(element.get("role", "")).lower() in AROUND_ROLES
    is_bare_header = local(element) == "header" and not element.xpath(".//h1 | .//h2")
    return bool(is_hidden or is_around or is_bare_header)


def _is_aside(heading: Any) -> bool:
    """Whether it is the title of a note or warning in the text, which is no section."""
    above = zip(range(3), heading.iterancestors(), strict=False)
    return any(ASIDE_CLASSES & set(str(one.get("class", "")).lower().split()) for _step, one in above)


def _length(element: Any) -> int:
    return sum(map(len, element.itertext()))
