"""From a JSON Schema to a grammar: what is refused, and that the grammar lets through what it should."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.engine.grammar import check
from teahouse.engine.json_schema import KNOWN, LIMITING, WHOLE, to_grammar
from teahouse.engine.sampling import Sampling
from teahouse.engine.scanner import GrammarError
from teahouse.workers.process import Worker, Workers

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "age": {"type": "integer", "minimum": 0},
        "tea": {"enum": ["green", "oolong", "普洱", 'a "quoted" one', None, 3]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "friend": {"$ref": "#"},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}

TEA = {
    "type": "object",
    "properties": {"kind": {"const": "tea"}, "n": {"$ref": "#/$defs/n"}},
    "required": ["kind"],
}
COFFEE = {**TEA, "properties": {"kind": {"enum": ["coffee", "mocha"]}}}
DEFS = {"$defs": {"n": {"type": "integer"}}}

KEYWORDS = sorted({"type", "not", "$defs", "title", *WHOLE}.union(*KNOWN.values(), *LIMITING.values()))

LETS: list[tuple[Any, list[str], list[str]]] = [
    (True, ["1", '"x"', "[true, null]", '{"a": {}}'], ["x", "'x'", "01"]),
    ({"type": "string"}, ['""', '"茶 \\n \\u8336"'], ["1", '"\\q"']),
    ({"type": "string", "minLength": 2, "maxLength": 3}, ['"ab"', '"茶茶茶"'], ['"a"', '"abcd"']),
    ({"type": "integer"}, ["0", "-12", "123"], ["1.5", "00", "+1"]),
    ({"type": "integer", "minimum": 2, "maximum": 4}, ["2", "4"], ["1", "5", "22"]),
    ({"type": "integer", "minimum": 1}, ["1", "99"], ["0", "-1"]),
    ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3}, ["1", "2"], ["0", "3"]),
    ({"type": "number"}, ["-1.25e+2", "0"], ["1.", ".5"]),
    ({"type": ["string", "null"]}, ['"a"', "null"], ["0"]),
    ({"enum": ["a", 1, None]}, ['"a"', "1", "null"], ['"b"', "2"]),
    ({"const": {"a": [1]}}, ['{"a": [1]}'], ['{"a": [2]}']),
    ({"type": "array", "items": {"type": "boolean"}}, ["[]", "[true, false]"], ["[1]", "[true,]"]),
    ({"type": "array", "minItems": 1, "maxItems": 2, "items": True}, ["[1]", "[1, 2]"], ["[]", "[1,2,3]"]),
    ({"prefixItems": [{"type": "string"}, {"type": "integer"}]}, ['["a", 1]'], ['[1, "a"]']),
    ({"type": "object"}, ["{}", '{"a": 1}'], ["[]"]),
    ({"additionalProperties": {"type": "integer"}}, ['{"a": 1, "b": 2}'], ['{"a": "b"}']),
    ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, ["null", "3"], ['"x"']),
    ({"type": "string", "format": "date"}, ['"2026-02-28"'], ['"2026-13-01"', '"x"']),
    ({"type": "string", "format": "uuid"}, ['"123e4567-e89b-12d3-a456-426614174000"'], ['"123e4567"']),
    ({"type": "integer", "enum": ["a", 1, 2.0, None]}, ["1"], ['"a"', "null"]),
    (
        {"type": "integer", "minimum": 10, "exclusiveMinimum": 3, "maximum": 12, "exclusiveMaximum": 90},
        ["10", "12"],
        ["4", "13"],
    ),
    ({"required": ["b"], "additionalProperties": {"type": "integer"}}, ['{"b": 1}'], ['{"b": "x"}', "{}"]),
    ({"oneOf": [{"type": "integer"}, {"enum": ["a"]}, {"const": None}]}, ["3", '"a"', "null"], ['"b"']),
    ({"oneOf": [TEA, COFFEE], **DEFS}, ['{"kind": "tea", "n": 1}'], ['{"kind": "milk"}']),
    ({"items": {"items": {"items": {"type": "null"}}}}, ["[]", "[[[null, null], []]]"], ["[[null]]"]),
    (
        PERSON,
        [
            '{"name": "Li", "age": 3}',
            '{"name":"Li","age":3,"tea":"普洱"}',
            '{"name": "A", "age": 0, "tags": ["x"], "friend": {"name": "B", "age": 1}}',
        ],
        ['{"age": 3, "name": "Li"}', '{"name": "Li"}', '{"name": "", "age": 1}', '{"name": "A", "age": 1, }'],
    ),
    (
        {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "type": "object"},
        ["{}", '{"a": 1}', '{"b": 1}', '{"a": 1, "b": 2}'],
        ['{"b": 1, "a": 2}', '{"a": 1 "b": 2}', '{, "b": 1}'],
    ),
]


@pytest.fixture(scope="module")
def child(starter: Path) -> Iterator[Worker]:
    workers = Workers()
    yield workers.start("tests.core.engine.samplers:serve")
    workers.close()


@pytest.mark.gguf
@pytest.mark.parametrize("number", range(len(LETS)))
def test_the_grammar_lets_through_what_is_valid_and_nothing_else(
    child: Worker, starter: Path, number: int
) -> None:
    schema, valid, invalid = LETS[number]
    grammar = to_grammar(json.dumps(schema, ensure_ascii=False))
    told = child.call("accepts", path=str(starter), grammar=grammar, tries=[*valid, *invalid])
    assert told["is_taken"]
    for text, (reached, can_end) in zip([*valid, *invalid], told["reached"], strict=True):
        is_let_through = reached == len(text) and can_end
        assert is_let_through == (text in valid), text


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "string", "pattern": "a+"}, "pattern"),
        ({"type": "number", "minimum": 3}, "minimum"),
        ({"type": "integer", "multipleOf": 2}, "multipleOf"),
        ({"type": "integer", "minimum": 7}, "minimum"),
        ({"type": "object", "properties": {"x": {"type": "array", "uniqueItems": True}}}, "uniqueItems"),
        ({"type": "object", "patternProperties": {}}, "patternProperties"),
        ({"not": {"type": "string"}}, "not"),
        ({"if": {}, "then": {}}, "if"),
        ({"allOf": [{"type": "string"}, {"minLength": 3}]}, "allOf"),
        ({"anyOf": [{"type": "string"}], "minLength": 3}, "minLength"),
        ({"type": "string", "format": "regex"}, "format"),
        ({"type": "strin"}, "type"),
        ({"enum": []}, "enum"),
        ({"$ref": "https://example.com/x.json"}, "$ref"),
        ({"$ref": "#/$defs/none"}, "$ref"),
        ({"type": "string", "minLength": 5, "maxLength": 2}, "minLength"),
        ({"required": [1], "type": "object"}, "required"),
        ({"type": "array", "minItems": True}, "minItems"),
        ({"type": "array", "items": False, "minItems": 2}, "minItems"),
        ({"type": ["number", "integer"], "minimum": 1}, "minimum"),
        ({"type": "integer", "const": "a"}, "const"),
        ({"required": ["b"], "properties": {"a": True}, "additionalProperties": False}, "required"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "oneOf"),
        ({"oneOf": [{"const": 1}, {"enum": [2, 1.0]}]}, "oneOf"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "oneOf"),
        ({"$defs": {"x": {"$anchor": "foo"}}, "$ref": "#foo"}, "$ref"),
    ],
)
def test_a_keyword_that_would_not_be_kept_is_named(schema: Any, keyword: str) -> None:
    text = json.dumps(schema, indent=1)
    with pytest.raises(GrammarError, match=f"“{keyword}”".replace("$", r"\$")) as caught:
        to_grammar(text)
    lines = text.splitlines()
    line, column = caught.value.data["line"], caught.value.data["column"]
    assert lines[line - 1][column - 1 :].startswith(f'"{keyword}"')
    with pytest.raises(GrammarError):
        Sampling(json_schema=text)


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", '"x"', "{'a': 1}", "false", "[" * 50_000])
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(GrammarError):
        to_grammar(text)


def test_a_fault_in_the_json_has_its_place() -> None:
    with pytest.raises(GrammarError) as caught:
        to_grammar('{\n "type": "string",\n}')
    assert caught.value.data["line"] == 3


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"anyOf": [{"$ref": "#"}, {"type": "string"}]},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
    ],
)
def test_a_schema_that_is_only_itself_is_refused(schema: Any) -> None:
    with pytest.raises(GrammarError, match="itself"):
        to_grammar(json.dumps(schema))


def test_a_schema_nested_without_measure_is_refused() -> None:
    deep: Any = {"type": "string"}
    for _level in range(200):
        deep = {"type": "array", "items": deep}
    with pytest.raises(GrammarError, match="deeply"):
        to_grammar(json.dumps(deep))


def test_a_grammar_grows_with_its_schema_and_not_with_its_depth() -> None:
    lists: Any = {"type": "string"}
    maps: Any = {"type": "string"}
    for _level in range(60):
        lists, maps = {"type": "array", "items": lists}, {"type": "object", "additionalProperties": maps}
    assert len(to_grammar(json.dumps(lists))) < 20_000
    assert len(to_grammar(json.dumps(maps))) < 20_000


def test_a_long_chain_of_references_is_refused() -> None:
    chain = {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(3000)}
    with pytest.raises(GrammarError, match="deeply"):
        to_grammar(json.dumps({"$defs": {**chain, "a3000": True}, "$ref": "#/$defs/a0"}))


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e999", "9" * 5000, '"\\ud800"'])
def test_values_that_no_json_has_are_refused(value: str) -> None:
    with pytest.raises(GrammarError):
        to_grammar(f'{{"const": {value}}}')


def test_random_schemas_are_made_grammars_or_refused_and_nothing_else() -> None:
    source = random.Random(4)
    words = ["type", "string", "object", "array", "integer", "number", "#", "#/a", "a", "", "date", "x/y"]
    plain = [True, False, None, 0, -1, 3, 2.5, [], {}]

    def one(depth: int) -> Any:
        kind = source.random()
        if depth == 0 or kind < 0.35:
            return source.choice([*words, *plain])
        if kind < 0.5:
            return [one(depth - 1) for _number in range(source.randrange(3))]
        keys = source.sample(KEYWORDS, source.randrange(1, 4))
        return {key: one(depth - 1) for key in keys}

    made = 0
    for _number in range(4000):
        schema = {source.choice(KEYWORDS): one(3), source.choice(KEYWORDS): one(2)}
        with contextlib.suppress(GrammarError):
            made += bool(to_grammar(json.dumps(schema)))
    assert made > 30


@pytest.mark.parametrize(
    "part",
    [
        {"format": []},
        {"required": 3},
        {"type": [{}]},
        {"properties": 3},
        {"$ref": "#/none"},
        {"enum": 3},
        3,
        {"type": 3},
    ],
)
def test_a_broken_part_is_refused_in_words(part: Any) -> None:
    for kind in ("oneOf", "anyOf", "allOf"):
        with pytest.raises(GrammarError):
            to_grammar(json.dumps({kind: [part]}))
    with pytest.raises(GrammarError):
        to_grammar(json.dumps({"oneOf": [{"type": "object", "properties": {"a": True}}, part]}))


def test_a_path_with_escaped_signs_is_followed() -> None:
    schema = {"$defs": {"a b/c~": {"const": "x"}}, "$ref": "#/$defs/a%20b~1c~0"}
    assert '\\"x\\"' in to_grammar(json.dumps(schema))


def test_a_fault_of_the_grammar_made_is_told_as_one_of_the_schema() -> None:
    with pytest.raises(GrammarError, match="JSON Schema") as caught:
        to_grammar(json.dumps({"type": "string", "maxLength": 100_000}))
    assert caught.value.data["key"] == "json_schema"


def test_names_with_any_characters_become_literals() -> None:
    names = ['quote "x"', "back\\slash", "茶", "new\nline", "tab\t", ""]
    check(to_grammar(json.dumps({"type": "object", "properties": dict.fromkeys(names, True)})))


def test_a_grammar_and_a_schema_together_are_refused() -> None:
    with pytest.raises(GrammarError.__mro__[1], match="cannot both"):
        Sampling(grammar='root ::= "a"', json_schema='{"type": "string"}')
