"""Cuts JSON text that arrives in pieces into its elements, so that a file of any length needs little memory.

A file is one array of objects, or objects after each other (JSON lines, or a single one). Only brackets and
strings are looked at here, each character once; what an element says is the parser's to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from teahouse.exchange.values import MAX_DEPTH, MAX_ELEMENT_CHARS, MAX_OPENINGS
from teahouse.language import _

# Possessive, so that no text makes them slow.
_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_OUTSIDE = re.compile(r'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*+")
_BARE = re.compile(r"[^\s,\"\[\]{}]++")


@dataclass(frozen=True, slots=True)
class Element:
    """One element's text, or why it cannot be had."""

    text: str
    problem: str = ""


class Splitter:
    """Is fed text and gives the elements that are complete."""

    def __init__(
        self,
        *,
        max_chars: int = MAX_ELEMENT_CHARS,
        max_depth: int = MAX_DEPTH,
        max_openings: int = MAX_OPENINGS,
    ) -> None:
        self._max_chars = max_chars
        self._max_depth = max_depth
        self._max_openings = max_openings
        self._is_listing = False
        # of the element that is open
        self._pieces: list[str] = []
        self._problem = ""
        self._chars = 0
        self._openings = 0
        self._depth = 0
        self._is_open = False
        self._is_bare = False
        self._is_string = False
        self._is_escaped = False

    def feed(self, text: str) -> Iterator[Element]:
        """The elements that end in `text`."""
        at = 0
        while at < len(text):
            if not self._is_open:
                at = self._skip(text, at)
                continue
            end = self._advance(text, at)
            self._keep(text[at:end])
            at = end
            if not self._is_open:
                yield self._take()

    def finish(self) -> Iterator[Element]:
        """What is still open at the end of the file."""
        if self._is_open and not self._is_bare:
            self._problem = _("the file ends in the middle of it")
        if self._is_open:
            yield self._take()

    # --- between elements -----------------------------------------------------------------------------

    def _skip(self, text: str, at: int) -> int:
        """Where the next element begins; opens it."""
        at = _end(_BETWEEN, text, at)
        if at == len(text):
            return at
        if text[at] == "[" and not self._is_listing:
            self._is_listing = True
            return at + 1
        if text[at] in "]}":
            self._is_listing = False
            return at + 1
        self._is_open = True
        self._is_bare = text[at] not in '{["'
        return at

    # --- in an element --------------------------------------------------------------------------------

    def _advance(self, text: str, at: int) -> int:
        """The end of the open element, or of `text`."""
        if self._is_bare:
            end = _end(_BARE, text, at)
            self._is_open = end == len(text)
            return end
        while at < len(text) and self._is_open:
            at = self._in_string(text, at) if self._is_string else self._outside(text, at)
        return at

    def _in_string(self, text: str, at: int) -> int:
        if self._is_escaped:
            self._is_escaped = False
            return at + 1
        at = _end(_STRING, text, at)
        if at == len(text):
            return at
        if text[at] == "\\":  # the last character of this piece
            self._is_escaped = True
        else:
            self._is_string = False
            self._is_open = self._depth > 0
        return at + 1

    def _outside(self, text: str, at: int) -> int:
        if self._depth:  # at its very beginning a string may be all of it
            at = _end(_OUTSIDE, text, at)
        if at == len(text):
            return at
        if text[at] == '"':  # a string that goes on in the next piece
            self._is_string = True
        elif text[at] in "[{":
            self._depth += 1
            self._openings += 1
        else:
            self._depth -= 1
            self._is_open = self._depth > 0
        if self._depth > self._max_depth:
            self._refuse(_("it is nested too deeply"))
        if self._openings > self._max_openings:
            self._refuse(_("it is too long"))
        return at + 1

    def _keep(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > self._max_chars:
            self._refuse(_("it is too long"))
        if not self._problem:
            self._pieces.append(text)

    def _refuse(self, problem: str) -> None:
        self._problem = self._problem or problem
        self._pieces.clear()

    def _take(self) -> Element:
        element = Element("" if self._problem else "".join(self._pieces), self._problem)
        self._clear()
        return element

    def _clear(self) -> None:
        self._pieces, self._problem = [], ""
        self._chars = self._openings = self._depth = 0
        self._is_open = self._is_bare = self._is_string = self._is_escaped = False


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
