"""What a model's child made of messages and texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """Messages as they would be sent.

    Attributes:
        text: The prompt as text, control tokens included.
        repair: What was done to roles that the template does not take; empty for nothing.
        reasoning: The tag that ends the reasoning which the prompt has opened; empty where it opened none.
    """

    text: str
    ids: list[int]
    repair: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of one text: `count` of them, each of `width` numbers, as little-endian float16 in `data`."""

    count: int
    width: int
    data: bytes
