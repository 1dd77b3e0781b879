"""Places in a text as Qt counts them: characters beyond the first plane are two."""

from __future__ import annotations


def units(text: str) -> int:
    """How long a text is for Qt."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def before(text: str, place: int) -> str:
    """What of a text stands before a place that Qt has counted; half a character there is left out."""
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * place]
    return cut.decode("utf-16-le", "ignore")
