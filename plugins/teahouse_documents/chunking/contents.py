"""Lines of a table of contents: a title, leaders, the page it stands on.

They have the words of every chapter and say nothing of them: text goes before them. What is no plain table
of contents is text: a price list has its numbers in no order, or its prices with cents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

LEADER = "[.·•…‥⋯．・]"
LEADERS = re.compile(rf"(?:{LEADER}\s?){{4}}")
ENTRY = re.compile(
    rf"\s*(?:{LEADER}\s?){{4,}}\s*(?:第\s*)?(?:(\d{{1,5}})|(?=[ivxl])(?:xl|l?x{{0,3}})(?:ix|iv|v?i{{0,3}}))\s*页?\s*$",
    re.IGNORECASE,
)
LONGEST = 300
"""Characters of a line; a longer one is none of a table of contents."""
FEWEST = 3
SHARE = 2 / 3
"""Of the lines of a passage that is a table of contents."""
PLAIN = " ···· "
"""Leaders as they are kept: no sentence ends there, and they cost few tokens."""


def is_contents(text: str) -> bool:
    """Whether a passage is a table of contents, or a part of one."""
    if LEADERS.search(text) is None:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    entries = [line for line in lines if is_entry(line)]
    fewest = 1 if PLAIN in text else FEWEST  # a loader has seen more of it
    return len(entries) >= max(fewest, SHARE * len(lines)) and _is_in_order(entries)


def find(lines: Sequence[str], pages: int, *, goes_on: bool = False) -> frozenset[int]:
    """Numbers of the lines of a page that are a table of contents.

    A line between two entries belongs to it: a chapter without leaders, the first half of a long title.

    Args:
        pages: Of the document; an entry names none beyond.
        goes_on: The page before has some of it: its end may be a single line.
    """
    fewest = 1 if goes_on else FEWEST
    runs: list[list[int]] = []
    for number, line in enumerate(lines):
        if not is_entry(line):
            continue
        if runs and number - runs[-1][-1] <= 2:
            runs[-1].append(number)
        else:
            runs.append([number])
    found: set[int] = set()
    for run in runs:
        entries = [lines[number] for number in run]
        if len(run) >= fewest and _is_in_order(entries) and max(map(_page, entries)) <= pages:
            found.update(range(run[0], run[-1] + 1))
    return frozenset(found)


def is_entry(line: str) -> bool:
    """Whether a line ends with leaders, four or more, and a number."""
    return len(line) <= LONGEST and ENTRY.search(line) is not None


def plain(line: str) -> str:
    """The line with short leaders; all else as it is."""
    found = ENTRY.search(line) if len(line) <= LONGEST else None
    if found is None:
        return line
    number = found[0].rstrip().lstrip(".·•…‥⋯．・ \t\u3000")
    return f"{line[: found.start()]}{PLAIN}{number}".strip()


def _is_in_order(entries: Sequence[str]) -> bool:
    pages = [page for page in map(_page, entries) if page]
    return all(before <= after for before, after in pairwise(pages))


def _page(line: str) -> int:
    """The page that an entry names; 0 for one in Roman numerals, as prefaces have them."""
    found = ENTRY.search(line)
    return int(found[1]) if found is not None and found[1] else 0
