"""Reads GBNF, the notation of grammars for llama.cpp, as its `llama-grammar.cpp` does.

Stricter than llama.cpp where that reads what nobody means: a rule that is defined twice, an empty or
reversed class of characters, a repetition that ends before it begins (there llama.cpp never returns).
Tokens in angle brackets are not read: they differ from model to model.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from teahouse.engine.scanner import DIGITS, LARGEST_NUMBER, WORD, Scanner
from teahouse.language import _

MOST_REPEATED = LARGEST_NUMBER
"""Rules that one repetition may come to, as in llama.cpp."""
MOST_ELEMENTS = 100_000
"""Elements that all repetitions written out may come to."""
DEEPEST = 64
"""Parentheses inside of parentheses."""


@dataclass(slots=True)
class Item:
    """One element of a sequence.

    Attributes:
        at: Where in the text it stands.
        name: Of the rule it refers to; empty for characters and groups.
        group: The alternatives of a group.
        is_empty: An empty literal.
        least, most: How often it stands there; None is without end.
    """

    at: int
    name: str = ""
    group: list[list[Item]] | None = None
    is_empty: bool = False
    least: int = 1
    most: int | None = 1


Alternatives = list[list[Item]]


@dataclass(slots=True)
class Rule:
    """A rule with its alternatives."""

    name: str
    at: int
    alternatives: Alternatives = field(default_factory=list)


@dataclass(slots=True)
class _Size:
    """What llama.cpp would make of an item: rules that it counts, and elements."""

    rules: int = 1
    elements: int = 1


class Reader(Scanner):
    """Reads one text.

    Raises:
        GrammarError: It is no grammar.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._symbols: set[str] = set()
        self._made = 0
        self._elements = 0
        self._depth = 0

    def rules(self) -> dict[str, Rule]:
        """All rules by name, in their order."""
        found: dict[str, Rule] = {}
        self._skip(has_lines=True)
        while self._at < len(self._text):
            rule = self._rule()
            if rule.name in found:
                raise self.error(_("The rule {name} is defined twice.").format(name=rule.name), rule.at)
            found[rule.name] = rule
        return found

    # --- structure ----------------------------------------------------------------------------------

    def _rule(self) -> Rule:
        at, name = self._at, self._name()
        self._symbols.add(name)
        self._skip(has_lines=False)
        if not self._text.startswith("::=", self._at):
            raise self.error(_("“::=” is missing after the name {name}.").format(name=name))
        self._at += 3
        self._skip(has_lines=True)
        rule = Rule(name, at, self._alternatives(is_nested=False))
        if self._at < len(self._text) and self._peek() not in "\r\n":
            raise self.error(_("“{sign}” is not expected here.").format(sign=self._peek()))
        self._skip(has_lines=True)
        return rule

    def _alternatives(self, *, is_nested: bool) -> Alternatives:
        found = [self._sequence(is_nested=is_nested)]
        while self._peek() == "|":
            self._at += 1
            self._skip(has_lines=True)
            found.append(self._sequence(is_nested=is_nested))
        return found

    def _sequence(self, *, is_nested: bool) -> list[Item]:
        items: list[Item] = []
        size = _Size()
        while (sign := self._peek()) and sign not in "|)\r\n":
            if sign in "*+?{":
                self._repeat(items, size, is_nested=is_nested)
            else:
                item, size = self._item(sign)
                items.append(item)
                self._grow(size.elements)
            self._skip(has_lines=is_nested)
        return items

    def _item(self, sign: str) -> tuple[Item, _Size]:
        at = self._at
        if sign == '"':
            count = self._literal()
            return Item(at, is_empty=count == 0), _Size(elements=count)
        if sign == "[":
            return Item(at), _Size(elements=self._class())
        if sign == ".":
            self._at += 1
            return Item(at), _Size()
        if sign == "(":
            return self._group()
        if sign in WORD:
            name = self._name()
            self._symbols.add(name)
            return Item(at, name), _Size()
        if sign in "<!":
            raise self.error(_("Tokens in angle brackets cannot stand in a grammar here."))
        raise self.error(_("“{sign}” is not expected here.").format(sign=sign))

    def _group(self) -> tuple[Item, _Size]:
        at = self._at
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.error(_("More than {most} parentheses inside of each other.").format(most=DEEPEST))
        self._at += 1
        self._skip(has_lines=True)
        before, self._made = len(self._symbols) + self._made, self._made + 1
        alternatives = self._alternatives(is_nested=True)
        if self._peek() != ")":
            raise self.error(_("The parenthesis is not closed."), at)
        self._at += 1
        self._depth -= 1
        return Item(at, group=alternatives), _Size(max(1, len(self._symbols) + self._made - before))

    # --- repetitions --------------------------------------------------------------------------------

    def _repeat(self, items: list[Item], size: _Size, *, is_nested: bool) -> None:
        """Repeat the last item; counted as llama.cpp's `handle_repetitions` counts."""
        at = self._at
        least, most = self._counts(is_nested=is_nested)
        if not items or items[-1].is_empty:
            raise self.error(_("There is nothing that could be repeated."), at)
        if most is not None and (most < least or most == 0):
            raise self.error(_("It cannot be repeated from {least} to {most} times.").format(
                least=least, most=most
            ), at)  # fmt: skip
        total = most if most else max(least, 1)
        if size.rules * total >= MOST_REPEATED:
            raise self.error(_("That many repetitions are too many: {count}.").format(count=total), at)
        made = 1 if most is None else most - least
        self._made += made
        self._grow(size.elements * least + made * (size.elements + 3))
        size.rules *= total
        size.elements = max(1, size.elements * least)
        last = items[-1]
        if (last.least, last.most) != (1, 1):  # a repetition of a repetition
            last = items[-1] = Item(at, group=[[last]])
        last.least, last.most = least, most

    def _counts(self, *, is_nested: bool) -> tuple[int, int | None]:
        sign = self._text[self._at]
        self._at += 1
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        self._skip(has_lines=is_nested)
        least = self._number(is_nested=is_nested)
        most: int | None = least
        if self._peek() == ",":
            self._at += 1
            self._skip(has_lines=is_nested)
            most = self._number(is_nested=is_nested) if self._peek() in DIGITS else None
        if self._peek() != "}":
            raise self.error(_("The brace is not closed."))
        self._at += 1
        return least, most

    def _grow(self, count: int) -> None:
        self._elements += count
        if self._elements > MOST_ELEMENTS:
            raise self.error(_("The grammar is too large once its repetitions are written out."))

    # --- characters ---------------------------------------------------------------------------------

    def _literal(self) -> int:
        start, count = self._at, 0
        self._at += 1
        while self._peek() != '"':
            self._character(start)
            count += 1
        self._at += 1
        return count

    def _class(self) -> int:
        start, count = self._at, 0
        self._at += 1
        if self._peek() == "^":
            self._at += 1
        while self._peek() != "]":
            at, first = self._at, self._character(start, least=0)  # `\x00-\x1F` stands in many a grammar
            count += 1
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                if self._character(start, least=0) < first:
                    raise self.error(_("This range of characters ends before it begins."), at)
                count += 1
        if not count:
            raise self.error(_("This class of characters is empty."), start)
        self._at += 1
        return count
