"""Which streamed text only adds its own characters to open Markdown, so that nothing need be parsed again."""

from __future__ import annotations

SPECIAL = frozenset("\\`*_{}[]<>()#|~&;$@\n\t\r\x00")
"""What can change the meaning of text before it, or be changed by what follows."""


def goes_on(tail: str, text: str) -> bool:
    """Whether `text` after `tail`, the open end of a Markdown text, is shown as it is and changes nothing.

    A rule for CommonMark without HTML, references and autolinked words; when in doubt it says no. The
    line must hold a letter already: digits and marks alone may still become a list or a rule.
    """
    if not SPECIAL.isdisjoint(text) or not text.isprintable():
        return False
    line = tail[tail.rfind("\n") + 1 :]
    last = line.rstrip(" ")[-1:]
    return last not in SPECIAL and last.isprintable() and any(map(str.isalpha, line))


def added(tail: str, text: str) -> str:
    """The characters that appear: spaces at the end of a paragraph wait for what follows them."""
    if not text.strip(" "):
        return ""
    return tail[len(tail.rstrip(" ")) :] + text.rstrip(" ")
