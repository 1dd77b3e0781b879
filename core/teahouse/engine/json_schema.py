"""From a JSON Schema to the grammar of all that is certainly valid under it.

What the grammar lets through is valid; it may let through less than the schema allows: properties come in
the order in which they are declared, others are not written where some are declared, and numbers and white
space are short. A keyword that would not be kept is refused by its name; what says nothing about
validity (`title`, `description` …) is passed over.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Any

from teahouse.engine.grammar import check
from teahouse.engine.json_grammar import ANY, FORMATS, TYPES, Rules, literal, repeated
from teahouse.engine.json_values import are_apart, of_kinds
from teahouse.engine.scanner import GrammarError
from teahouse.engine.schema_text import Schema, SchemaText
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


@lru_cache(maxsize=8)
def to_grammar(schema_text: str) -> str:
    """The grammar, in GBNF, of a schema given as JSON.

    Raises:
        GrammarError: It is no JSON, or has what is not kept; with `line` and `column` where they are known,
            and `keyword`.
    """
    converter = _Converter(schema_text)
    text = converter.grammar()
    try:
        check(text)
    except GrammarError as error:  # its place is one in the grammar, which the person has not written
        raise converter.wrong(error.data["what"]) from None
    return text


class _Converter(SchemaText):
    """One schema on its way."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._rules = Rules()
        self._refs: dict[str, str] = {}

    def grammar(self) -> str:
        """All rules as text."""
        value = self._value(self.root, "root-value", 0)
        return self._rules.text(value)

    # --- any schema ---------------------------------------------------------------------------------

    def _value(self, schema: Any, name: str, depth: int) -> str:
        """What matches a schema: the name of a rule or a group."""
        if depth > DEEPEST:
            raise self.wrong(_("It is nested too deeply."))
        if schema is True:
            return ANY
        if not isinstance(schema, dict):
            raise self.wrong(_("A schema is an object, or true."))
        if not schema.keys() - SILENT:
            return ANY
        found = [key for key in WHOLE if key in schema]
        self._check_known(schema, found)
        if found:
            return self._whole(found[0], schema, name, depth)
        kinds = self._kinds(schema)
        made = [self._typed(kind, schema, name, depth) for kind in kinds]
        return made[0] if len(made) == 1 else f"({' | '.join(made)})"

    def _whole(self, key: str, schema: Schema, name: str, depth: int) -> str:
        """A schema whose one keyword says all."""
        value = schema[key]
        if key == "$ref":
            return self._reference(value, depth)
        if key == "const":
            value = [value]
        if not isinstance(value, list) or not value:
            raise self.wrong(_("It holds a list that is not empty."), key)
        if key in ("enum", "const"):
            return self._named(key, value, schema)
        if key == "allOf" and len(value) > 1:
            raise self.unknown(key)
        made = [self._value(part, f"{name}-{n}", depth + 1) for n, part in enumerate(value)]
        if key == "oneOf" and not all(are_apart(a, b, self.find) for a, b in combinations(value, 2)):
            what = _("Two of its parts may hold at once. Write “anyOf”, or let types or constants differ.")
            raise self.wrong(what, key)
        return f"({' | '.join(made)})"

    def _named(self, key: str, values: list[Any], schema: Schema) -> str:
        """Values that the schema lists; those of another type than it asks for are not valid."""
        kinds = self._kinds(schema) if "type" in schema else None
        if not (found := of_kinds(values, kinds)):
            raise self.wrong(_("None of these values has the type that is asked for."), key)
        return f"({' | '.join(map(literal, found))})"

    def _reference(self, target: Any, depth: int) -> str:
        found = self.find(target)
        if target not in self._refs:
            name = self._refs[target] = self._rules.new("ref")
            self._rules.add(name, self._value(found, name, depth + 1))
        return self._refs[target]

    def _kinds(self, schema: Schema) -> list[str]:
        """The types of a schema; where none is given, what its keywords are about."""
        given = schema.get("type")
        kinds = [given] if isinstance(given, str) else given
        if kinds is None:
            speaks_of = [kind for kind in KNOWN if (KNOWN[kind] | LIMITING[kind]) & schema.keys()]
            if not speaks_of:
                raise self.unknown(next(key for key in schema if key not in SILENT))
            kinds = speaks_of[:1]
        if not isinstance(kinds, list) or not kinds or any(kind not in list(KNOWN) for kind in kinds):
            raise self.wrong(_("The types are: {names}.").format(names=", ".join(KNOWN)), "type")
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
            known = (SILENT | {"type"} | kept | frozenset().union(*others)) - limiting
        if wrong := [key for key in schema if key not in known]:
            raise self.unknown(wrong[0])

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
            if schema["format"] not in list(FORMATS) or schema.keys() & {"minLength", "maxLength"}:
                raise self.unknown("format")
            return self._rules.use(FORMATS[schema["format"]])
        least, most = self.bounds(schema, "minLength", "maxLength")
        if (least, most) == (0, None):
            return TYPES["string"]
        self._rules.use("plain-char")
        return f'("\\"" {repeated("plain-char", least, most)} "\\"")'

    def _integer(self, schema: Schema) -> str:
        least, most = self._limits(schema)
        if least is None and most is None:
            return TYPES["integer"]
        if least is not None and most is not None:
            if not 0 <= most - least < MOST_NUMBERS:
                raise self.wrong(_("Between the limits lie 1 to {most} numbers.").format(most=MOST_NUMBERS))
            return f"({' | '.join(literal(value) for value in range(least, most + 1))})"
        if most is None and least in (0, 1):
            return self._rules.use("natural" if least == 0 else "positive")
        raise self.unknown("maximum" if least is None else "minimum")

    def _limits(self, schema: Schema) -> tuple[int | None, int | None]:
        """The least and the greatest integer; where a limit is given twice, both hold."""
        from_below = {"minimum": 0, "exclusiveMinimum": 1}
        from_above = {"maximum": 0, "exclusiveMaximum": -1}
        least = [self.whole_number(schema, key) + more for key, more in from_below.items() if key in schema]
        most = [self.whole_number(schema, key) + more for key, more in from_above.items() if key in schema]
        return max(least, default=None), min(most, default=None)

    def _array(self, schema: Schema, name: str, depth: int) -> str:
        first = schema.get("prefixItems", [])
        if not isinstance(first, list):
            raise self.wrong(_("It holds a list."), "prefixItems")
        least, most = self.bounds(schema, "minItems", "maxItems")
        fixed = [self._value(part, f"{name}-{n}", depth + 1) for n, part in enumerate(first)]
        if fixed:
            if schema.get("items", True) not in (True, False) or least > len(fixed):
                raise self.unknown("items")
            count = len(fixed) if most is None else min(most, len(fixed))
            return f'("[" ws {" comma ".join(fixed[:count])} ws "]")' if count else '("[" ws "]")'
        if most == 0 or schema.get("items") is False:
            if least:
                raise self.wrong(_("The limits leave nothing between them."), "minItems")
            return '("[" ws "]")'
        # a rule of its own: written out twice at each level, nested arrays would double with each
        item = self._rules.named("item", self._value(schema.get("items", True), f"{name}-item", depth + 1))
        more = repeated(f"(comma {item})", max(0, least - 1), None if most is None else most - 1)
        inside = f"{item} {more} ws" if least else f"({item} {more} ws)?"
        return f'("[" ws {inside} "]")'

    def _object(self, schema: Schema, name: str, depth: int) -> str:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if not isinstance(properties, dict):
            raise self.wrong(_("It holds an object."), "properties")
        if not isinstance(required, list) or any(not isinstance(key, str) for key in required):
            raise self.wrong(_("It holds a list of names."), "required")
        rest = schema.get("additionalProperties", True)
        undeclared = [key for key in required if key not in properties]
        if rest is False and undeclared:
            what = _("“{name}” is required and not allowed.")
            raise self.wrong(what.format(name=undeclared[0]), "required")
        properties = {**properties, **dict.fromkeys(undeclared, rest)}
        if not properties:
            if rest is False:
                return '("{" ws "}")'
            value = self._rules.named("item", self._value(rest, f"{name}-value", depth + 1))
            pair = f"string colon {value}"
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
