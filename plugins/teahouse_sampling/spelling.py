"""Tokens as people see them: what each stands for, bytes that are no text told as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teahouse.engine.loaded import Engine


@dataclass(frozen=True, slots=True)
class Spelled:
    """One token.

    Attributes:
        data: The bytes that it stands for; a control token's name.
        is_control: Whether it means something to the model and is no text.
    """

    id: int
    data: bytes
    is_control: bool = False

    @property
    def piece(self) -> str:
        """Its bytes as text; U+FFFD stands where they are none by themselves."""
        return self.data.decode("utf-8", "replace")

    @property
    def is_text(self) -> bool:
        """Whether its bytes are whole characters."""
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        """`{id, piece}`, and `bytes` in hexadecimal where they are not UTF-8."""
        told: dict[str, Any] = {"id": self.id, "piece": self.piece}
        return told if self.is_text else {**told, "bytes": self.data.hex()}


def spell(engine: Engine, ids: Sequence[int]) -> list[Spelled]:
    """What each token stands for."""
    pieces = engine.pieces(ids) if ids else []
    return [Spelled(one, data, is_control) for one, (data, is_control) in zip(ids, pieces, strict=True)]


def spell_all(engine: Engine, groups: Iterable[Iterable[int]]) -> dict[int, Spelled]:
    """The same for every id that occurs, asked for once."""
    wanted = sorted({token for group in groups for token in group})
    return {token.id: token for token in spell(engine, wanted)}


def text_of(tokens: Iterable[Spelled]) -> str:
    """Tokens put together, control tokens by their names."""
    return b"".join(token.data for token in tokens).decode("utf-8", "replace")
