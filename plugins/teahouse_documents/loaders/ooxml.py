"""Packages of Office Open XML: parts and the relations between them. Source: ECMA-376 part 2.

Read by hand and by local names, so that macros, templates and the strict variant are read like any other,
and every part goes through the bounds of `archive` and `xml`.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from teahouse_documents.loaders.archive import Archive
from teahouse_documents.loaders.refusal import Refused, broken
from teahouse_documents.loaders.xml import attribute, local, parse_xml


@dataclass(frozen=True, slots=True)
class Relation:
    """From one part to another: id, last word of its type (`footnotes`), name of the member."""

    id: str
    type: str
    target: str


class Package:
    """The parts of a document.

    Args:
        kind: What the file should be, for the words.
    """

    def __init__(self, archive: Archive, kind: str) -> None:
        self._archive = archive
        self._kind = kind

    @property
    def main(self) -> str:
        """Name of the part that the document begins with.

        Raises:
            Refused: There is none.
        """
        for relation in self.relations(""):
            if relation.type == "officeDocument" and self._archive.has(relation.target):
                return relation.target
        raise broken(self._kind)

    def relations(self, part: str) -> list[Relation]:
        """Of a part; those of the package itself for an empty name. External ones are left out."""
        folder, name = posixpath.split(part)
        member = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self._archive.has(member):
            return []
        return [
            Relation(
                one.get("Id", ""),
                one.get("Type", "").rpartition("/")[2],
                _target(folder, one.get("Target", "")),
            )
            for one in parse_xml(self._archive.read(member), self._kind)
            if local(one) == "Relationship" and one.get("TargetMode") != "External"
        ]

    def root(self, part: str) -> Any:
        """The root element of a part.

        Raises:
            Refused: It is missing or damaged.
        """
        return parse_xml(self._archive.read(part), self._kind)

    def related(self, part: str, *types: str) -> list[Any]:
        """Root elements of the parts that this one refers to in this role; damaged ones are left out."""
        found = []
        for relation in self.relations(part):
            if relation.type in types:
                try:
                    found.append(self.root(relation.target))
                except Refused as refused:
                    if refused.data["why"] == "too_large":
                        raise
        return found


def children(element: Any, name: str) -> list[Any]:
    """The children with this local name."""
    return [one for one in element if local(one) == name]


def child(element: Any, *path: str) -> Any | None:
    """The first element along a path of local names."""
    for name in path:
        element = next((one for one in element if local(one) == name), None)
        if element is None:
            return None
    return element


def value(element: Any, *path: str) -> str:
    """The attribute `val` of the element at a path; empty where there is none."""
    found = child(element, *path)
    return attribute(found, "val") if found is not None else ""


def has(element: Any, *path: str) -> bool:
    """Whether a switch is on: the element is there, and does not say that it is off."""
    found = child(element, *path)
    return found is not None and attribute(found, "val") not in ("0", "false", "off", "none")


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    )
