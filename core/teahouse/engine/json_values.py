"""Values that a JSON Schema names, their types, and whether two schemas can hold for the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

DEEPEST = 8
"""References and properties that are followed to tell two schemas apart."""

NAMES = {bool: "boolean", str: "string", list: "array", dict: "object", type(None): "null"}
Find = Callable[[Any], Any]


def kinds_of(value: Any) -> set[str]:
    """The types of a value: a whole number has two."""
    if type(value) in NAMES:
        return {NAMES[type(value)]}
    return {"number", "integer"} if float(value).is_integer() else {"number"}


def of_kinds(values: list[Any], kinds: Any) -> list[Any]:
    """Those of the values that have one of the types; all of them where `kinds` is None."""
    if kinds is None:
        return values
    wanted = {kinds} if isinstance(kinds, str) else set(kinds)
    return [value for value in values if kinds_of(value) & wanted]


def are_apart(one: Any, other: Any, find: Find, depth: int = 0) -> bool:
    """Whether it is plain that no value is valid under both: by type, by constants, or by a property's.

    Args:
        find: What a reference refers to.
    """
    one, other = _resolved(one, find), _resolved(other, find)
    if depth > DEEPEST or not isinstance(one, dict) or not isinstance(other, dict):
        return False
    named, others = _values(one), _values(other)
    if named is not None and others is not None:
        return not {_key(value) for value in named} & {_key(value) for value in others}
    kinds, other_kinds = _kinds(one, named), _kinds(other, others)
    if kinds and other_kinds and not kinds & other_kinds:
        return True
    if kinds != {"object"} or other_kinds != {"object"}:
        return False
    shared = set(one.get("required", ())) & set(other.get("required", ()))
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    return any(
        are_apart(mine[key], theirs[key], find, depth + 1) for key in shared if key in mine and key in theirs
    )


def _resolved(schema: Any, find: Find) -> Any:
    for _step in range(DEEPEST):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        schema = find(schema["$ref"])
    return schema


def _values(schema: dict[str, Any]) -> list[Any] | None:
    named = [schema["const"]] if "const" in schema else schema.get("enum")
    return named if isinstance(named, list) else None


def _kinds(schema: dict[str, Any], named: list[Any] | None) -> set[str]:
    """Its types, "integer" for those of numbers that are whole; empty where it does not say."""
    if named is not None:
        return set().union(*(kinds_of(value) for value in named))
    given = schema.get("type", [])
    kinds = {given} if isinstance(given, str) else set(given)
    return kinds | {"integer"} if "number" in kinds else kinds


def _key(value: Any) -> str:
    """The same text for values that are equal for JSON Schema, 1 and 1.0 among them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)
