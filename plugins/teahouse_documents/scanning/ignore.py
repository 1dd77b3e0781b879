"""Which files of a folder are left out: patterns as in .gitignore (gitignore(5)), and hidden names.

A pattern without a stroke fits a name at any depth; one with a stroke fits from the source's folder; one
that ends in a stroke fits folders only; `**` fits any number of folders; `!` takes back; the last pattern
that fits decides; nothing below an ignored folder is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DEEP = re.compile(r"(?:^|(?<=/))(?:\*\*/)+")
WILDCARD = re.compile(r"\*+|\?|\[(!?)([^\]/]+)\]")


@dataclass(frozen=True, slots=True)
class _Rule:
    fits: re.Pattern[str]
    is_folder_only: bool
    is_taken_back: bool


class Rules:
    """The patterns of one source.

    Args:
        has_hidden: Also take names that begin with a dot.
    """

    def __init__(self, patterns: Sequence[str], *, has_hidden: bool = False) -> None:
        self._rules = [rule for pattern in patterns if (rule := _rule(pattern)) is not None]
        self._has_hidden = has_hidden

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or folder is left out.

        Args:
            path: From the source's folder, with `/` between names.
        """
        is_ignored = not self._has_hidden and path.rpartition("/")[2].startswith(".")
        for rule in self._rules:
            if rule.is_taken_back == is_ignored and (is_folder or not rule.is_folder_only):
                is_ignored ^= rule.fits.fullmatch(path) is not None
        return is_ignored


def patterns(text: str) -> list[str]:
    """The patterns of a setting, which stand in one line with commas between them."""
    return [pattern.strip() for pattern in re.split(r"[,\n]", text) if pattern.strip()]


def _rule(pattern: str) -> _Rule | None:
    text = pattern.rstrip("\r\n").strip()
    if not text or text.startswith("#"):
        return None
    is_taken_back = text.startswith("!")
    text = text[1:] if is_taken_back else text.removeprefix("\\")
    is_folder_only = text.endswith("/")
    text = text.rstrip("/")
    if not text:
        return None
    is_anchored = "/" in text
    body = _translate(text.lstrip("/"))
    return _Rule(
        re.compile(body if is_anchored else f"(?:.*/)?{body}", re.DOTALL), is_folder_only, is_taken_back
    )


def _translate(pattern: str) -> str:
    """A regular expression for the whole path; what is no pattern stands for itself.

    What a star before the last one has found first is kept (`(?>`, as in `fnmatch`): the time stays
    proportional to the path however many stars there are.
    """
    first, *others = DEEP.split(pattern.removesuffix("/**"))
    inner, last = others[:-1], others[-1:]
    parts = [_run(first), *(f"(?>(?:[^/]*/)*?{_run(part)})" for part in inner)]
    parts += [f"(?:[^/]*/)*{_run(part)}" for part in last]
    return "".join(parts) + ("/.*" if pattern.endswith("/**") else "")


def _run(text: str) -> str:
    """Names and the strokes between them."""
    return "/".join(_name(part) for part in text.split("/"))


def _name(text: str) -> str:
    parts, at = [""], 0
    for found in WILDCARD.finditer(text):
        parts[-1] += re.escape(text[at : found.start()])
        if found.group().startswith("*"):
            parts.append("")
        else:
            parts[-1] += _wildcard(found)
        at = found.end()
    parts[-1] += re.escape(text[at:])
    first, inner, last = parts[0], parts[1:-1], parts[1:][-1:]
    return first + "".join(f"(?>[^/]*?{part})" for part in inner) + "".join(f"[^/]*{part}" for part in last)


def _wildcard(found: re.Match[str]) -> str:
    text = found.group()
    if text == "?":
        return "[^/]"
    inside = found.group(2).replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    expression = f"[{'^' if found.group(1) else ''}{inside}]"
    try:
        re.compile(expression)
    except re.error:  # [z-a]: as a name that has these characters
        return re.escape(text)
    return expression
