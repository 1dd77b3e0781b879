"""Slash commands: what can be typed at the start of a message instead of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

SLASH = "/"
ACTIONS = {
    "new": "new",
    "model": "model",
    "system": "system_prompt",
    "attach": "attach",
    "prompt": "prompts",
    "regenerate": "regenerate",
    "continue": "continue",
    "edit": "edit",
    "compare": "compare",
    "copy": "copy_reply",
    "find": "find",
    "search": "search",
    "export": "export",
    "settings": "settings",
    "help": "palette",
}
"""Words after the slash, the same in every language, and the actions that they do."""

PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be typed.

    Attributes:
        typed: The whole command, slash and all.
        title: What it does, in words.
        run: Does it.
        names: What else it is found by after the slash.
        is_open: It asks for more to be typed: what it runs is the beginning of others.
    """

    typed: str
    title: str
    run: Callable[[], object]
    names: tuple[str, ...] = ()
    is_open: bool = False


def is_beginning(text: str) -> bool:
    """Whether a command may be being typed: one line that begins with a single slash."""
    return text.startswith(SLASH) and not text.startswith(2 * SLASH) and "\n" not in text


def matching(text: str, offers: Iterable[Offer]) -> list[Offer]:
    """The offers of which a text is the beginning, in their order; what is typed whole comes first."""
    if not is_beginning(text):
        return []
    wanted = text.casefold()
    found = [offer for offer in offers if _begins(wanted, offer)]
    return sorted(found, key=lambda offer: offer.typed.casefold() != wanted.strip())


def find(text: str, offers: Iterable[Offer]) -> Offer | None:
    """The offer that is typed whole; None for any other text, which is a message."""
    wanted = text.strip().casefold()
    return next((offer for offer in offers if offer.typed.casefold() == wanted), None)


def unescaped(text: str, offers: Sequence[Offer]) -> str:
    """The message that is meant: two slashes before a command stand for one, elsewhere for themselves."""
    if text.startswith(2 * SLASH) and find(text[1:], offers):
        return text[1:]
    return text


def _begins(wanted: str, offer: Offer) -> bool:
    typed = (offer.typed, *(SLASH + name for name in offer.names))
    return any(one.casefold().startswith(wanted) for one in typed)
