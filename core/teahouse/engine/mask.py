"""What people, documents and tools wrote, made free of control tokens while a template runs.

Every character exchanged or added is one of the private planes which no message holds, so a masked text
has the length of the original and is made whole again by a table.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from teahouse.errors import TemplateError
from teahouse.language import _

PRIVATE = range(0xF0000, 0x10FFFE)
"""Code points of the private planes 15 and 16."""
ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function", "ipython"})
"""Roles are compared by templates and never written by people, so they are left as they are."""

LEAD = 8
"""Characters of a control token that are looked for at once, where that leaves few to look for."""
FEW = 64


class Mask:
    """Makes texts free of control tokens and whole again.

    Args:
        control: Texts of the control tokens.
        values: All that will be masked: messages, tools; private characters in it are not used.
        marks: How many more private characters are wanted, in `marks`.
        guarded: Texts of tokens which the tokenizer recognises anywhere, but which only the template may
            write; see `cuts`.
    """

    def __init__(
        self, control: Iterable[str], values: Sequence[Any], *, marks: int = 0, guarded: Iterable[str] = ()
    ) -> None:
        control, guarded = list(control), list(guarded)
        texts = sorted({*control, *guarded})
        self._all, self._control, self._guarded = Finder(texts), Finder(control), Finder(guarded)
        self._beginnings = {text[:length] for text in texts for length in range(1, len(text))}
        self._longest = max(map(len, self._beginnings), default=0)
        firsts = sorted({text[0] for text in texts})
        free = _free_characters(len(firsts) + marks, [*texts, *_texts_in(values)])
        self.marks = free[len(firsts) :]
        self._private = dict(zip(firsts, free, strict=False))
        self._exchanged = re.compile(f"[{''.join(self._private.values())}]") if firsts else None

    def put_on(self, text: str, *, is_reply: bool = False) -> str:
        """Exchange the first character of each control token, also of one that the text only begins.

        Args:
            is_reply: The model wrote it; guarded texts in it are its own.
        """
        masked = list(text)
        for at, _found in (self._control if is_reply else self._all).starts(text):
            masked[at] = self._private[text[at]]
        for at in range(max(0, len(text) - self._longest), len(text)):
            if text[at:] in self._beginnings:
                masked[at] = self._private[text[at]]
        return "".join(masked)

    def cuts(self, masked: str) -> list[int]:
        """Where a masked text must be cut, so that no guarded token is recognised in what people wrote."""
        if self._exchanged is None:
            return []
        text = self.take_off(masked)
        places = (found.start() for found in self._exchanged.finditer(masked))
        return [at + 1 for at in places if self._guarded.at(text, at)]

    def put_on_all(self, value: Any, *, is_reply: bool = False) -> Any:
        """The same for every string in dicts and lists, keys included: tools are named by strangers."""
        if isinstance(value, str):
            return self.put_on(value, is_reply=is_reply)
        if isinstance(value, Mapping):
            return {
                self.put_on_all(key, is_reply=is_reply): item
                if key == "role" and item in ROLES
                else self.put_on_all(item, is_reply=is_reply)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.put_on_all(item, is_reply=is_reply) for item in value]
        return value

    def take_off(self, text: str) -> str:
        """The text as it was."""
        for first, private in self._private.items():
            text = text.replace(private, first)
        return text


class Finder:
    """Finds any of many texts, the longest first.

    Vocabularies have thousands of control tokens that begin alike, and a pattern of all of them would be
    tried one by one at every “<” of a document. So a pattern looks for a few beginnings, and only where
    one stands it is asked which token that is.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._lengths: dict[str, list[int]] = {}
        for text in self._texts:
            lengths = self._lengths.setdefault(text[0], [])
            if len(text) not in lengths:
                lengths.append(len(text))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)
        self._leads = re.compile(_pattern(_leads(self._texts))) if self._texts else None

    def at(self, text: str, start: int) -> str:
        """The text that stands at `start`; empty for none."""
        for length in self._lengths.get(text[start : start + 1], ()):
            found = text[start : start + length]
            if found in self._texts:
                return found
        return ""

    def starts(self, text: str) -> Iterator[tuple[int, str]]:
        """(where it starts, which) for every place where one starts; they may overlap."""
        for lead in self._leads.finditer(text) if self._leads else ():
            if found := self.at(text, lead.start()):
                yield lead.start(), found

    def apart(self, text: str) -> Iterator[tuple[int, str]]:
        """The same without those that begin inside another."""
        end = 0
        for start, found in self.starts(text):
            if start >= end:
                end = start + len(found)
                yield start, found


def _leads(texts: Iterable[str]) -> set[str]:
    """Beginnings of which each text has one: as long as may be, but few; at least the first characters."""
    leads: set[str] = set()
    for length in range(LEAD, 0, -1):
        leads = {text[:length] for text in texts}
        if len(leads) <= FEW:
            break
    return leads


def _pattern(leads: Iterable[str]) -> str:
    """Matches the first character of each lead, so that what overlaps is found too."""
    rests: dict[str, set[str]] = {}
    for lead in sorted(leads):
        rests.setdefault(lead[0], set()).add(lead[1:])
    alone = "".join(re.escape(first) for first, follows in rests.items() if "" in follows)
    followed = (
        f"{re.escape(first)}(?={'|'.join(map(re.escape, sorted(follows)))})"
        for first, follows in rests.items()
        if "" not in follows
    )
    return "|".join([*([f"[{alone}]"] if alone else []), *followed])


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in itertools.chain(value.keys(), value.values()):
            yield from _texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_in(item)


def _free_characters(count: int, texts: Iterable[str]) -> list[str]:
    used = set().union(*texts)
    free = itertools.islice((chr(code) for code in PRIVATE if chr(code) not in used), count)
    found = list(free)
    if len(found) < count:
        raise TemplateError(
            _("The messages use every private character that Teahouse needs."), _("Take one of them out.")
        )
    return found


# --- where each message stands --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marks:
    """Messages with one private character each, so that the rendered text tells where they stand.

    Attributes:
        messages: The marked messages. In an assistant's text the mark stands before the first character
            that is no white space, in another's after the last one.
        owners: Mark → index of its message.
    """

    messages: list[dict[str, Any]]
    owners: dict[str, int] = field(default_factory=dict)

    def read(self, marked: str) -> tuple[str, dict[int, int]]:
        """The text without marks, and message index → where its mark stood; none that stood twice."""
        if not self.owners:
            return marked, {}
        places: dict[int, list[int]] = {}
        plain: list[str] = []
        length = 0
        for piece in re.split(f"([{''.join(self.owners)}])", marked):
            if piece in self.owners:
                places.setdefault(self.owners[piece], []).append(length)
            else:
                plain.append(piece)
                length += len(piece)
        return "".join(plain), {index: at[0] for index, at in places.items() if len(at) == 1}

    def left_out(self, marked: str) -> list[int]:
        """Indices of the messages whose mark is not in the rendered text."""
        return [index for mark, index in self.owners.items() if mark not in marked]


def marked(messages: Sequence[dict[str, Any]], marks: Iterable[str], *, wanted: Sequence[int]) -> Marks:
    """Put a mark into each message of the indices `wanted` that has text."""
    result = Marks([dict(message) for message in messages])
    for index, mark in zip(wanted, marks, strict=False):
        content = messages[index].get("content")
        if isinstance(content, str) and content.strip():
            is_reply = messages[index].get("role") == "assistant"
            result.messages[index]["content"] = _with_mark(content, mark, is_reply)
            result.owners[mark] = index
    return result


def _with_mark(text: str, mark: str, is_before: bool) -> str:
    at = len(text) - len(text.lstrip()) if is_before else len(text.rstrip())
    return text[:at] + mark + text[at:]
