"""Checks grammars before native code sees them: llama.cpp ends its process on some, and hangs on others.

Besides what cannot be read (see `gbnf`): rules that are used and not defined, no rule `root`, and left
recursion, direct, through other rules, behind something that can be empty, or by repeating what can be
empty; and ambiguity that grows without measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from teahouse.engine.gbnf import Alternatives, Item, Reader, Rule
from teahouse.engine.scanner import GrammarError, error_at
from teahouse.language import _

__all__ = ["GrammarError", "check"]

ROOT = "root"
MOST_RULES = 2_000
MOST_WAYS = 2_000
"""Ways in which a part of a rule can begin."""

Rules = dict[str, Rule]
Ways = tuple[int, int]


@lru_cache(maxsize=8)
def check(text: str) -> None:
    """Refuse a grammar that llama.cpp could not use.

    Raises:
        GrammarError: With `line` and `column`, from 1, in its data.
    """
    reader = Reader(text)
    rules = reader.rules()
    if ROOT not in rules:
        raise reader.error(_("There is no rule “root”, with which everything begins."), 0)
    if len(rules) > MOST_RULES:
        raise reader.error(_("It has more than {most} rules.").format(most=MOST_RULES), 0)
    for rule in rules.values():
        for item in items_of(rule.alternatives):
            if item.name and item.name not in rules:
                raise reader.error(_("The rule {name} is not defined.").format(name=item.name), item.at)
    empty = empty_rules(rules)
    for rule in rules.values():
        for item in items_of(rule.alternatives):
            if item.most != 1 and can_be_empty(item, empty, is_once=True):
                raise reader.error(
                    _("What can be empty is repeated; llama.cpp may never end there."), item.at
                )
    _check_ways(text, rules, _check_recursion(text, rules, empty))


def items_of(alternatives: Alternatives) -> Iterator[Item]:
    """Every item, also those inside of groups."""
    for sequence in alternatives:
        for item in sequence:
            yield item
            if item.group is not None:
                yield from items_of(item.group)


def empty_rules(rules: Rules) -> set[str]:
    """Names of the rules that can stand for nothing."""
    users: dict[str, dict[str, None]] = {}
    for rule in rules.values():
        for item in items_of(rule.alternatives):
            users.setdefault(item.name, {})[rule.name] = None
    empty: set[str] = set()
    waiting = list(rules)
    while waiting:
        name = waiting.pop()
        if name not in empty and has_empty(rules[name].alternatives, empty):
            empty.add(name)
            waiting += users.get(name, ())  # which may now be empty too
    return empty


def has_empty(alternatives: Alternatives, empty: set[str]) -> bool:
    """Whether one of the alternatives can be nothing."""
    return any(all(can_be_empty(item, empty) for item in sequence) for sequence in alternatives)


def can_be_empty(item: Item, empty: set[str], *, is_once: bool = False) -> bool:
    """Whether an item can stand for nothing; `is_once` leaves its repetition aside."""
    if item.least == 0 and not is_once:
        return True
    if item.group is not None:
        return has_empty(item.group, empty)
    return item.is_empty or item.name in empty


def leftmost(alternatives: Alternatives, empty: set[str]) -> Iterator[Item]:
    """The references with which the alternatives can begin."""
    for sequence in alternatives:
        for item in sequence:
            if item.name:
                yield item
            elif item.group is not None:
                yield from leftmost(item.group, empty)
            if not can_be_empty(item, empty):
                break


def _check_recursion(text: str, rules: Rules, empty: set[str]) -> list[str]:
    """Refuse a rule that can begin with itself; without Python's own recursion, which has an end.

    Returns:
        The names of the rules, each after those with which it can begin.
    """
    done: dict[str, None] = {}
    for start in rules:
        path: list[str] = [start]
        branches = [leftmost(rules[start].alternatives, empty)]
        while branches:
            item = next(branches[-1], None)
            if item is None:
                branches.pop()
                done[path.pop()] = None
            elif item.name in path:
                names = " → ".join([*path[path.index(item.name) :], item.name])
                what = _("A rule begins with itself ({names}); llama.cpp cannot read left recursion.")
                raise error_at(text, what.format(names=names), item.at)
            elif item.name not in done:
                path.append(item.name)
                branches.append(leftmost(rules[item.name].alternatives, empty))
    return list(done)


def _check_ways(text: str, rules: Rules, order: list[str]) -> None:
    """Refuse what can begin in so many ways that llama.cpp, which follows all of them, would not end."""
    known: dict[str, Ways] = {}
    for name in order:
        known[name] = ways(rules[name].alternatives, known)
    for rule in rules.values():
        groups = (item.group for item in items_of(rule.alternatives) if item.group is not None)
        for sequence in (s for alternatives in (rule.alternatives, *groups) for s in alternatives):
            if (at := _first_of_many(sequence, known)) is not None:
                what = _("There are too many ways to go on from here; llama.cpp would not end.")
                raise error_at(text, what, at)


def _first_of_many(sequence: list[Item], known: dict[str, Ways]) -> int | None:
    """Where the first item stands from which there are too many ways to go on; from the end, once over it."""
    begin, empty, found = 0, 1, None
    for item in reversed(sequence):
        own_begin, own_empty = _ways_of(item, known)
        begin = min(own_begin + own_empty * begin, MOST_WAYS + 1)
        empty = min(own_empty * empty, MOST_WAYS + 1)
        found = item.at if max(begin, empty) > MOST_WAYS else found
    return found


def ways(alternatives: Alternatives, known: dict[str, Ways]) -> Ways:
    """In how many ways the alternatives can begin with a character, and be empty."""
    begin = empty = 0
    for sequence in alternatives:
        before = 1
        for item in sequence:
            own_begin, own_empty = _ways_of(item, known)
            begin += before * own_begin
            before = min(before * own_empty, MOST_WAYS + 1)
            if not before:
                break
        empty += before
    return min(begin, MOST_WAYS + 1), min(empty, MOST_WAYS + 1)


def _ways_of(item: Item, known: dict[str, Ways]) -> Ways:
    if item.name:
        begin, empty = known[item.name]
    elif item.group is not None:
        begin, empty = ways(item.group, known)
    else:
        begin, empty = (0, 1) if item.is_empty else (1, 0)
    return begin, empty + (item.least == 0)
