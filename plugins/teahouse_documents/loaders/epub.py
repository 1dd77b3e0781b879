"""Electronic books: their pages in the order of reading, headings by the pages or by the table of contents.

Source: EPUB 3.3 of the W3C (container, package document, navigation), EPUB 2's NCX.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from teahouse.passages import LoadContext, Piece
from teahouse_documents.loaders.archive import Archive, open_archive
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.html import Page, parse_html
from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.refusal import Refused, broken, locked
from teahouse_documents.loaders.xml import local, parse_xml

KIND = "EPUB"
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
OBFUSCATED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
MOST_ENTRIES = 20_000

Contents = dict[str, list[tuple[str, int, str]]]
"""By the name of a page: element id (empty for its top), level and words of each entry."""


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a book."""
    with open_archive(path, KIND) as archive:
        _check_rights(archive)
        package = _package_name(archive)
        root = parse_xml(archive.read(package), KIND)
        items = {one.get("id"): one for one in _all(root, "item")}
        contents = _contents(archive, package, items)
        headings = Headings()
        for item in [items.get(one.get("idref")) for one in _all(root, "itemref")]:
            if (
                item is None
                or item.get("media-type") not in PAGES
                or "nav" in str(item.get("properties", "")).split()
            ):
                continue
            yield from _page(archive, _beside(package, item.get("href", "")), headings, contents)


def _page(archive: Archive, name: str, headings: Headings, contents: Contents) -> Iterator[Piece]:
    """The pieces of one page; one that is damaged or missing is left out, as reading programs do."""
    try:
        root = parse_html(archive.read(name))
    except Refused as refused:
        if refused.data["why"] == "locked":
            raise
        return
    marks: dict[str, tuple[int, str]] = {}
    if not root.xpath("//h1 | //h2 | //h3"):
        for element_id, level, words in contents.get(name, []):
            if element_id:
                marks.setdefault(element_id, (level, words))
            else:
                body = next(iter(root.xpath("//body")), root)
                body.set("id", body.get("id") or "teahouse-top")
                marks.setdefault(body.get("id"), (level, words))
    levels = {"".join(words.split()): level for _id, level, words in contents.get(name, [])}
    yield from Page(root, headings, marks, levels).pieces()


def _check_rights(archive: Archive) -> None:
    """Refuse a book whose pages are encrypted; fonts may be.

    Raises:
        Refused: They are.
    """
    if archive.has(ENCRYPTION):
        methods = _all(parse_xml(archive.read(ENCRYPTION), KIND), "EncryptionMethod")
        if any(one.get("Algorithm") not in OBFUSCATED_FONTS for one in methods):
            raise locked()


def _package_name(archive: Archive) -> str:
    for rootfile in _all(parse_xml(archive.read(CONTAINER), KIND), "rootfile"):
        if archive.has(str(rootfile.get("full-path"))):
            return str(rootfile.get("full-path"))
    raise broken(KIND)


def _contents(archive: Archive, package: str, items: dict[Any, Any]) -> Contents:
    """The table of contents, as far as there is one that can be read."""
    found: Contents = {}
    for item in items.values():
        is_nav = "nav" in str(item.get("properties", "")).split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        name = _beside(package, item.get("href", ""))
        try:
            root = parse_xml(archive.read(name), KIND)
        except Refused:
            continue
        for level, href, words in list(_nav(root) if is_nav else _ncx(root))[:MOST_ENTRIES]:
            page, _hash, element_id = href.partition("#")
            entry = (unquote(element_id), level, words)
            known = found.setdefault(_beside(name, page), [])
            if entry not in known[-20:]:
                known.append(entry)
    return found


def _nav(root: Any) -> Iterator[tuple[int, str, str]]:
    for nav in _all(root, "nav"):
        if any(value == "toc" for key, value in nav.attrib.items() if key.endswith("type")):
            for link in _all(nav, "a"):
                level = sum(local(above) == "ol" for above in link.iterancestors())
                yield level, link.get("href", ""), one_line("".join(link.itertext()))


def _ncx(root: Any) -> Iterator[tuple[int, str, str]]:
    for point in _all(root, "navPoint"):
        level = 1 + sum(local(above) == "navPoint" for above in point.iterancestors())
        label = next((one for one in point if local(one) == "navLabel"), None)
        content = next((one for one in point if local(one) == "content"), None)
        if label is not None and content is not None:
            yield level, content.get("src", ""), one_line("".join(label.itertext()))


def _all(root: Any, name: str) -> list[Any]:
    return [one for one in root.iter() if local(one) == name]


def _beside(file: str, href: str) -> str:
    """The member that a link in another member means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(href.partition("#")[0])))
