"""Presentations: the text of each slide, its tables, diagrams, charts, and the speaker's notes.

Source: ECMA-376 part 1, chapters 19 to 21.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import Kind, LoadContext, Piece, Place
from teahouse_documents.loaders.archive import open_archive
from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.ooxml import Package, child, children
from teahouse_documents.loaders.refusal import Refused
from teahouse_documents.loaders.tables import parts
from teahouse_documents.loaders.xml import attribute, local

_ = Translator("teahouse_documents")

KIND = "PPTX"
TITLES = ("title", "ctrTitle")
AROUND = ("dt", "ftr", "sldNum", "hdr", "sldImg")
"""Placeholders that say date, footer and number of each slide."""

MOST_LABELS = 60


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a presentation, slide by slide."""
    with open_archive(path, KIND) as archive:
        package = Package(archive, KIND)
        for number, part in enumerate(_slides(package), start=1):
            try:
                root = package.root(part)
            except Refused as refused:
                if refused.data["why"] == "too_large":
                    raise
                context.remark(_("Slide {number} is damaged.").format(number=number))
                continue
            yield from _slide(package, part, root, number)


def _slides(package: Package) -> list[str]:
    """Names of the slides' parts, in the order in which they are shown."""
    main = package.main
    targets = {one.id: one.target for one in package.relations(main) if one.type == "slide"}
    listed = child(package.root(main), "sldIdLst")
    ids = [_relation_id(one) for one in listed] if listed is not None else list(targets)
    return [targets[one] for one in ids if one in targets]


def _slide(package: Package, part: str, root: Any, number: int) -> Iterator[Piece]:
    shapes = [one for one in root.iter() if local(one) in ("sp", "graphicFrame")]
    titles = [one for one in shapes if _placeholder(one) in TITLES]
    title = one_line(" ".join(_paragraphs(titles[0]))) if titles else ""
    above = (title,) if title else ()
    if title:
        yield Piece(title, "heading", Place(slide=number))
    for shape in shapes:
        if shape in titles[:1] or _placeholder(shape) in AROUND:
            continue
        yield from _shape(shape, Place(slide=number, heading=above))
    place = Place(slide=number, heading=above)
    for diagram in package.related(part, "diagramData"):
        yield from _lines(_paragraphs(diagram), place)
    for chart in package.related(part, "chart"):
        yield from _lines(_labels(chart), place, "caption")
    for notes in package.related(part, "notesSlide"):
        said = [one for one in notes.iter() if local(one) == "sp" and _placeholder(one) not in AROUND]
        noted = Place(slide=number, heading=(*above, _("Speaker notes")))
        for shape in said:
            yield from _lines(_paragraphs(shape), noted)


def _shape(shape: Any, place: Place) -> Iterator[Piece]:
    tables = [one for one in shape.iter() if local(one) == "tbl"]
    for table in tables:
        rows = [
            [one_line(" ".join(_paragraphs(cell))) for cell in children(row, "tc")]
            for row in children(table, "tr")
        ]
        rows = [row for row in rows if any(row)]
        for part in parts(enumerate(rows[1:], start=2), rows[0]) if len(rows) > 1 else ():
            yield Piece(part.text, "table", place)
        if len(rows) == 1:
            yield from _lines(rows[0], place)
    if not tables:
        yield from _lines(_paragraphs(shape), place)


def _lines(lines: list[str], place: Place, kind: Kind = "text") -> Iterator[Piece]:
    if text := "\n".join(line for line in lines if line):
        yield Piece(text, kind, place)


def _paragraphs(element: Any) -> list[str]:
    """The paragraphs below an element; what an older program would show instead is left out."""
    found = [one for one in element.iter() if local(one) == "p"]
    return [words for one in found if (words := "".join(_inline(one)).strip())]


def _inline(paragraph: Any) -> Iterator[str]:
    for one in paragraph.iter():
        if local(one) == "t":
            yield one.text or ""
        elif local(one) == "br":
            yield "\n"


def _labels(chart: Any) -> list[str]:
    """What a chart says in words: its titles, series and categories, each once."""
    words = _paragraphs(chart)
    for one in chart.iter():
        if local(one) == "v" and any(local(above) in ("tx", "cat") for above in one.iterancestors()):
            words.append(one.text or "")
    return list(dict.fromkeys(words))[:MOST_LABELS]


def _placeholder(shape: Any) -> str:
    """Type of the placeholder that a shape fills; empty where it fills none."""
    for names in (("nvSpPr", "nvPr", "ph"), ("nvGraphicFramePr", "nvPr", "ph")):
        found = child(shape, *names)
        if found is not None:
            return attribute(found, "type") or "body"
    return ""


def _relation_id(element: Any) -> str:
    """`r:id`; the element's own `id` is another thing."""
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}id")), "")
