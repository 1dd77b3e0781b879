"""XML from strangers: no entities, no document types, nothing fetched, no depth without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse_documents.loaders.refusal import broken

if TYPE_CHECKING:
    from lxml import etree

DEEPEST = 250
"""libxml2's own bound."""


def parse_xml(data: bytes, kind: str) -> Any:
    """The root element.

    Args:
        kind: What the file should be, for the words.

    Raises:
        Refused: It is not well formed.
    """
    from lxml import etree

    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(kind) from error
    if root is None:
        raise broken(kind)
    return root


def local(element: Any) -> str:
    """Name of an element without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Value of the attribute with this local name, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _parser() -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
