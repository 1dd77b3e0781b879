"""What people can name in a message: `@` before a file, `#` before a set of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

AT, HASH = "@＠", "#＃"
MARKS = AT + HASH
"""Also as Chinese input methods write them."""

LONGEST = 200
"""Characters of a name with its mark."""

INSIDE = r"(?<![A-Za-z0-9_/&@#＠＃.+-])"
"""Behind one of these a mark belongs to an address, a link or an entity; Han needs no space before it."""
START = re.compile(rf"{INSIDE}[{MARKS}](?=\S)")
TYPED = re.compile(rf"{INSIDE}[{MARKS}](?:[^\n{MARKS}]|(?<=[A-Za-z0-9_.-])[{MARKS}])*\Z")


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that can be named in a message.

    Attributes:
        text: What is written into the message, with its mark: `@plan.pdf`, `#Books`. One line.
        title: What people know it by.
        detail: What tells it from others of that name, such as its folder; empty for nothing.
        icon: Name of one of the window's icons.
    """

    text: str
    title: str
    detail: str = ""
    icon: str = ""


def has_mark(text: str) -> bool:
    """Whether a text may name something: cheap, and often true where it does not."""
    return START.search(text) is not None


def starts_of(text: str) -> list[int]:
    """Where in a text the marks stand after which a name may follow."""
    return [found.start() for found in START.finditer(text)]


def typed_in(text: str) -> str:
    """What is being typed at the end of a text: from a mark on, which becomes a plain one; empty for none.

    A name may have spaces, but does not begin or end with one.
    """
    found = TYPED.search(text)
    if found is None or len(found[0]) > LONGEST:
        return ""
    typed = found[0]
    if typed[1:2].isspace() or (len(typed) > 1 and typed[-1].isspace()):
        return ""
    return ("@" if typed[0] in AT else "#") + typed[1:]
