"""From a JSON Schema to the grammar of all that is certainly valid under it.

What the grammar lets through is valid; it may let through less than the schema allows: properties come in
the order in which they are declared, others are not written where some are declared, and numbers and white
space are short. A keyword that would not be kept is refused by its name; what says nothing about
validity (`title`, `description` …) is passed over.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from teahouse.engine.grammar import check
from teahouse.engine.json_grammar import ANY, FORMATS, TYPES, Rules, literal, repeated
from teahouse.engine.scanner import GrammarError
from teahouse.language import _

__all__ = ["to_grammar"]

SILENT = frozenset(
    (
        *("$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "title", "description"),
        *("default", "examples", "deprecated", "readOnly", "writeOnly", "markdownDescription"),
    )
)
KNOWN: dict[str, frozenset[str]] = {
    "string": frozenset(("minLength", "maxLength", "format")),
    "integer": frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")),
    "number": frozenset(),
    "array": frozenset(("items", "prefixItems", "minItems", "maxItems")),
    "object": frozenset(("properties", "required", "additionalProperties")),
    "boolean": frozenset(),
    "null": frozenset(),
}
"""Keywords that are kept for each type."""
LIMITING: dict[str, frozenset[str]] = {
    "string": frozenset(("pattern", "contentEncoding", "contentMediaType", "contentSchema")),
    "integer": frozenset(("multipleOf",)),
    "number": frozenset(("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")),
    "array": frozenset(("uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems")),
    "object": frozenset(
        (
            *("patternProperties", "propertyNames", "minProperties", "maxProperties"),
            *("dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties"),
        )
    ),
    "boolean": frozenset(),
    "null": frozenset(),
}
"""Keywords that say something about a type and are not kept."""
WHOLE = frozenset(("enum", "const", "$ref", "anyOf", "oneOf", "allOf"))
DEEPEST = 64
MOST_NUMBERS = 1000
"""Integers between two limits that are written out."""

Schema = dict[str, Any]


@lru_cache(maxsize=8)
def to_grammar(schema_text: str) -> str:
    """The grammar, in GBNF, of a schema given as JSON.

    Raises:
        GrammarError: It is no JSON, or has what is not kept; with `line` and `column` where they are known,
            and `keyword`.
    """
    text = _Converter(schema_text).grammar()
    check(text)
    return text


class _Converter:
    """One schema on its way."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self._root: Any = json.loads(text)
        except json.JSONDecodeError as error:
            raise self._wrong(error.msg, at=error.pos) from None
        except RecursionError:
            raise self._wrong(_("It is nested too deeply.")) from None
        self._rules = Rules()
        self._refs: dict[str, str] = {}

    def grammar(self) -> str:
        """All rules as text."""
        value = self._value(self._root, "root-value", 0)
        return self._rules.text(value)

    # --- any schema ---------------------------------------------------------------------------------

    def _value(self, schema: Any, name: str, depth: int) -> str:
        """What matches a schema: the name of a rule or a group."""
        if depth > DEEPEST:
            raise self._wrong(_("It is nested too deeply."))
        if schema is True:
            return ANY
        if not isinstance(schema, dict):
            raise self._wrong(_("A schema is an object, or true."))
        if not schema.keys() - SILENT:
            return ANY
        found = [key for key in WHOLE if key in schema]
        self._check_known(schema, found)
        if found:
            return self._whole(found[0], schema[found[0]], name, depth)
        kinds = self._kinds(schema)
        made = [self._typed(kind, schema, name, depth) for kind in kinds]
        return made[0] if len(made) == 1 else f"({' | '.join(made)})"

    def _whole(self, key: str, value: Any, name: str, depth: int) -> str:
        """A schema whose one keyword says all."""
        if key == "const":
            return literal(value)
        if key == "$ref":
            return self._reference(value)
        if not isinstance(value, list) or not value:
            raise self._wrong(_("It holds a list that is not empty."), key)
        if key == "enum":
            return f"({' | '.join(map(literal, value))})"
        if key == "allOf" and len(value) > 1:
            raise self._unknown(key)
        made = [self._value(part, f"{name}-{n}", depth + 1) for n, part in enumerate(value)]
        return f"({' | '.join(made)})"

    def _reference(self, target: Any) -> str:
        if not isinstance(target, str) or not target.startswith("#"):
            raise self._wrong(_("Only what lies in this schema can be referred to."), "$ref")
        if target not in self._refs:
            name = self._refs[target] = self._rules.new("ref")
            self._rules.add(name, self._value(self._find(target), name, 0))
        return self._refs[target]

    def _find(self, target: str) -> Any:
        here = self._root
        for step in target.removeprefix("#").split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(here, dict) or key not in here:
                raise self._wrong(_("{target} does not lie in it.").format(target=target), "$ref")
            here = here[key]
        return here

    def _kinds(self, schema: Schema) -> list[str]:
        """The types of a schema; where none is given, what its keywords are about."""
        given = schema.get("type")
        kinds = [given] if isinstance(given, str) else given
        if kinds is None:
            speaks_of = [kind for kind in KNOWN if (KNOWN[kind] | LIMITING[kind]) & schema.keys()]
            if not speaks_of:
                raise self._unknown(next(key for key in schema if key not in SILENT))
            kinds = speaks_of[:1]
        if not isinstance(kinds, list) or not kinds or any(kind not in KNOWN for kind in kinds):
            raise self._wrong(_("The types are: {names}.").format(names=", ".join(KNOWN)), "type")
        return kinds

    def _check_known(self, schema: Schema, whole: list[str]) -> None:
        """Refuse keywords that would not be kept."""
        if whole:
            known = SILENT | {whole[0]} | ({"type"} if whole[0] in ("enum", "const") else set())
        else:
            kinds = set(self._kinds(schema))
            others = [KNOWN[kind] | LIMITING[kind] for kind in KNOWN if kind not in kinds]
            kept = frozenset().union(*(KNOWN[kind] for kind in kinds))
            limiting = frozenset().union(*(LIMITING[kind] for kind in kinds))
            known = (SILENT | {"type"} | kept | frozenset().union(*others)) - (limiting - kept)
        if wrong := [key for key in schema if key not in known]:
            raise self._unknown(wrong[0])

    # --- types --------------------------------------------------------------------------------------

    def _typed(self, kind: str, schema: Schema, name: str, depth: int) -> str:
        if kind == "string":
            return self._string(schema)
        if kind == "integer":
            return self._integer(schema)
        if kind == "array":
            return self._array(schema, name, depth)
        if kind == "object":
            return self._object(schema, name, depth)
        return TYPES[kind]

    def _string(self, schema: Schema) -> str:
        if "format" in schema:
            if schema["format"] not in FORMATS or schema.keys() & {"minLength", "maxLength"}:
                raise self._unknown("format")
            return self._rules.use(FORMATS[schema["format"]])
        least, most = self._bounds(schema, "minLength", "maxLength")
        if (least, most) == (0, None):
            return TYPES["string"]
        self._rules.use("plain-char")
        return f'("\\"" {repeated("plain-char", least, most)} "\\"")'

    def _integer(self, schema: Schema) -> str:
        least, most = schema.get("minimum"), schema.get("maximum")
        if "exclusiveMinimum" in schema:
            least = self._whole_number(schema, "exclusiveMinimum") + 1
        if "exclusiveMaximum" in schema:
            most = self._whole_number(schema, "exclusiveMaximum") - 1
        for key, value in (("minimum", least), ("maximum", most)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise self._wrong(_("It is a whole number."), key)
        if least is None and most is None:
            return TYPES["integer"]
        if least is not None and most is not None:
            if not 0 <= most - least < MOST_NUMBERS:
                raise self._wrong(_("Between the limits lie 1 to {most} numbers.").format(most=MOST_NUMBERS))
            return f"({' | '.join(literal(value) for value in range(least, most + 1))})"
        if most is None and least in (0, 1):
            return self._rules.use("natural" if least == 0 else "positive")
        raise self._unknown("maximum" if least is None else "minimum")

    def _array(self, schema: Schema, name: str, depth: int) -> str:
        first = schema.get("prefixItems", [])
        if not isinstance(first, list):
            raise self._wrong(_("It holds a list."), "prefixItems")
        least, most = self._bounds(schema, "minItems", "maxItems")
        fixed = [self._value(part, f"{name}-{n}", depth + 1) for n, part in enumerate(first)]
        if fixed:
            if schema.get("items", True) not in (True, False) or least > len(fixed):
                raise self._unknown("items")
            count = len(fixed) if most is None else min(most, len(fixed))
            return f'("[" ws {" comma ".join(fixed[:count])} ws "]")' if count else '("[" ws "]")'
        if most == 0 or schema.get("items") is False:
            return '("[" ws "]")'
        item = self._value(schema.get("items", True), f"{name}-item", depth + 1)
        more = repeated(f"(comma {item})", max(0, least - 1), None if most is None else most - 1)
        inside = f"{item} {more} ws" if least else f"({item} {more} ws)?"
        return f'("[" ws {inside} "]")'

    def _object(self, schema: Schema, name: str, depth: int) -> str:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if not isinstance(properties, dict):
            raise self._wrong(_("It holds an object."), "properties")
        if not isinstance(required, list) or any(not isinstance(key, str) for key in required):
            raise self._wrong(_("It holds a list of names."), "required")
        properties = {**properties, **{key: True for key in required if key not in properties}}
        if not properties:
            rest = schema.get("additionalProperties", True)
            if rest is False:
                return '("{" ws "}")'
            pair = f"string colon {self._value(rest, f'{name}-value', depth + 1)}"
            return f'("{{" ws ({pair} (comma {pair})* ws)? "}}")'
        pairs = {
            key: f"{literal(key)} colon {self._value(part, f'{name}-{n}', depth + 1)}"
            for n, (key, part) in enumerate(properties.items())
        }
        return f'("{{" ws {self._members(pairs, set(required))} ws "}}")'

    def _members(self, pairs: dict[str, str], required: set[str]) -> str:
        """Pairs in their order, commas between those that are written."""
        after, first = "", ""
        for key, pair in reversed(pairs.items()):
            this = self._rules.new("pair")
            self._rules.add(this, pair)
            rest = f" {after}" if after else ""
            if key in required:
                first = f"{this}{rest}"
                after = f"comma {this}{rest}"
            else:
                first = f"({this}{rest} | {first})" if first else f"({this}{rest})?"
                after = f"(comma {this})?{rest}"
            first, after = self._rules.named("first", first), self._rules.named("after", after)
        return first

    # --- numbers and errors -------------------------------------------------------------------------

    def _bounds(self, schema: Schema, low: str, high: str) -> tuple[int, int | None]:
        least = self._whole_number(schema, low) if low in schema else 0
        most = self._whole_number(schema, high) if high in schema else None
        if least < 0 or (most is not None and most < least):
            raise self._wrong(_("The limits leave nothing between them."), low)
        return least, most

    def _whole_number(self, schema: Schema, key: str) -> int:
        value = schema[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(_("It is a whole number."), key)
        return value

    def _unknown(self, keyword: str) -> GrammarError:
        return self._wrong(_("What it says there cannot be kept by a grammar."), keyword)

    def _wrong(self, what: str, keyword: str = "", *, at: int | None = None) -> GrammarError:
        """What is wrong, with the keyword's place in the text."""
        at = max(0, self._text.find(json.dumps(keyword))) if at is None else at
        line, column = self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at)
        where = (
            _("“{keyword}” in line {line}, column {column}") if keyword else _("line {line}, column {column}")
        )
        return GrammarError(
            _("The JSON Schema cannot be used ({where}): {what}").format(
                where=where.format(keyword=keyword, line=line, column=column), what=what
            ),
            _("Nothing was sent. Correct it or empty it."),
            key="json_schema",
            line=line,
            column=column,
            keyword=keyword,
        )
