"""The words, characters and numbers of GBNF, and where in its text something is wrong."""

from __future__ import annotations

from teahouse.errors import SettingError
from teahouse.language import _

LONGEST = 200_000
"""Characters of a grammar."""
LARGEST_NUMBER = 2000
"""`MAX_REPETITION_THRESHOLD` of llama.cpp."""
WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
HEX = frozenset("0123456789abcdefABCDEF")
DIGITS = frozenset("0123456789")
PLAIN_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", **{c: c for c in '\\"[]-'}}
HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


class GrammarError(SettingError):
    """A grammar that llama.cpp could not use or would crash on; `data` has `what`, and where from 1."""


class Scanner:
    """A place in a text, moved on by what is read.

    Raises:
        GrammarError: The text holds what no grammar can.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._check_text()

    def error(self, text: str, at: int | None = None) -> GrammarError:
        """What is wrong, with its line and column."""
        return error_at(self._text, text, self._at if at is None else at)

    def _check_text(self) -> None:
        if len(self._text) > LONGEST:
            text = _("The grammar has {size} characters; at most {most} are read.")
            raise self.error(text.format(size=len(self._text), most=LONGEST), 0)
        bad = next((n for n, c in enumerate(self._text) if c == "\0" or "\ud800" <= c <= "\udfff"), None)
        if bad is not None:
            raise self.error(_("This character cannot stand in a grammar."), bad)

    def _character(self, start: int, *, least: int = 1) -> str:
        """One character of a literal or class that begins at `start`, its number at least `least`."""
        sign = self._peek()
        if not sign:
            raise self.error(_("This is not closed."), start)
        self._at += 1
        if sign != "\\":
            return sign
        kind = self._peek()
        self._at += 1
        if kind in PLAIN_ESCAPES and kind:
            return PLAIN_ESCAPES[kind]
        digits = self._text[self._at : self._at + HEX_ESCAPES.get(kind, 0)]
        if not digits or len(digits) < HEX_ESCAPES[kind] or not HEX.issuperset(digits):
            raise self.error(_("The escape “\\{sign}” is not known.").format(sign=kind), self._at - 2)
        value = int(digits, 16)
        if not least <= value <= 0x10FFFF:
            raise self.error(_("There is no character with this number."), self._at - 2)
        self._at += len(digits)
        return chr(value)

    def _name(self) -> str:
        start = self._at
        while self._peek() in WORD and self._peek():
            self._at += 1
        if self._at == start:
            raise self.error(_("The name of a rule is missing here: letters, digits and “-”."))
        return self._text[start : self._at]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, *, has_lines: bool) -> None:
        """Pass over white space and comments."""
        space = " \t\r\n" if has_lines else " \t"
        while (sign := self._peek()) and (sign in space or sign == "#"):
            if sign == "#":
                while self._peek() and self._peek() not in "\r\n":
                    self._at += 1
            else:
                self._at += 1

    def _number(self, *, is_nested: bool) -> int:
        start = self._at
        while self._peek() in DIGITS:
            self._at += 1
        digits = self._text[start : self._at]
        if not digits:
            raise self.error(_("A number is missing here."))
        if len(digits) > 6 or int(digits) > LARGEST_NUMBER:
            raise self.error(
                _("That many repetitions are too many: {count}.").format(count=digits[:20]), start
            )
        self._skip(has_lines=is_nested)
        return int(digits)


def error_at(text: str, what: str, at: int) -> GrammarError:
    """An error with its line and column."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return GrammarError(
        _("The grammar is wrong in line {line}, column {column}: {what}").format(
            line=line, column=column, what=what
        ),
        _("Nothing was sent. Correct it or empty it."),
        key="grammar",
        what=what,
        line=line,
        column=column,
    )
