"""What plugins offer to do with a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teahouse.messages import Message


@dataclass(frozen=True, slots=True)
class Offer:
    """An action of a plugin.

    Attributes:
        name: By which it is asked for with `Transcript.action_requested`; of no other action.
        is_in_footer: Whether it also shows below a message that people look at.
    """

    name: str
    title: str
    icon: str
    is_in_footer: bool = False


Offers = Callable[[Message], Sequence[Offer]]
"""What is offered for a message."""


def no_offers(message: Message) -> Sequence[Offer]:
    """Nothing: no plugin offers anything."""
    return ()
