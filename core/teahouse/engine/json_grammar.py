"""The rules of JSON itself in GBNF, and the rules that a schema adds to them.

White space is short and numbers have few digits, so that a small model cannot write either without end.
"""

from __future__ import annotations

import json
from typing import Any

ANY = "value"
TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "null": '"null"',
}
FORMATS = {"date": "date", "time": "time", "date-time": "date-time", "uuid": "uuid"}

BASE = {
    "ws": '(" " | "\\n" " "{0,16})?',
    "comma": 'ws "," ws',
    "colon": 'ws ":" ws',
    "string": '"\\"" char* "\\""',
    "char": 'plain-char | "\\\\u" [0-9a-fA-F]{4}',
    "plain-char": '[^"\\\\\\x01-\\x1F\\x7F] | "\\\\" ["\\\\/bfnrt]',
    "integer": '"-"? natural',
    "natural": '"0" | positive',
    "positive": "[1-9] [0-9]{0,14}",
    "number": 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?',
    "boolean": '"true" | "false"',
    "value": 'object | array | string | number | boolean | "null"',
    "object": '"{" ws (string colon value (comma string colon value)* ws)? "}"',
    "array": '"[" ws (value (comma value)* ws)? "]"',
    "date": '"\\"" day "\\""',
    "time": '"\\"" hour "\\""',
    "date-time": '"\\"" day "T" hour "\\""',
    "day": '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])',
    "hour": '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"',
    "uuid": '"\\"" hex{8} "-" hex{4} "-" hex{4} "-" hex{4} "-" hex{12} "\\""',
    "hex": "[0-9a-f]",
}
"""Days end with the 28th: every month has that."""


class Rules:
    """The rules that one schema comes to."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._count = 0

    def new(self, kind: str) -> str:
        """A name that no rule has."""
        self._count += 1
        return f"{kind}-{self._count}"

    def add(self, name: str, body: str) -> None:
        """A rule of the schema."""
        self._own[name] = body

    def named(self, kind: str, body: str) -> str:
        """The name of a new rule for this, so that what refers to it twice does not repeat it."""
        name = self.new(kind)
        self.add(name, body)
        return name

    def use(self, name: str) -> str:
        """The name of one of JSON's own rules."""
        assert name in BASE
        return name

    def text(self, root: str) -> str:
        """The grammar, beginning with what matches the whole schema."""
        rules = {"root": root, **self._own, **BASE}
        return "".join(f"{name} ::= {body}\n" for name, body in rules.items())


def literal(value: Any) -> str:
    """GBNF that matches exactly this value as JSON."""
    return f'"{escaped(json.dumps(value, ensure_ascii=False))}"'


def escaped(text: str) -> str:
    """The inside of a literal of GBNF."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def repeated(item: str, least: int, most: int | None) -> str:
    """An item so many times."""
    if most is None:
        return f"{item}*" if least == 0 else f"{item}{{{least},}}"
    return f"{item}{{{least},{most}}}" if most else ""
