"""Values that are no single number or word, as the text of a setting: lists of texts, of stages, of biases.

A list of texts is written as JSON (`["\\n", ":"]`) or with one text in each line; stages stand with commas
between them; biases are a JSON list of pairs, `[[1234, -100], [" tea", 2.5]]`: a number is a token's id, a
text stands for each of its tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from teahouse import Translator
from teahouse.engine.allowed import (
    BIAS_LIMITS,
    LONGEST_BREAKER,
    LONGEST_TEXT,
    check_biases,
    check_names,
    check_number,
    check_texts,
)
from teahouse.engine.sampling import ORDER
from teahouse.errors import SettingError

_ = Translator("teahouse_sampling")

Bias = tuple[int | str, float]


def read_texts(key: str, text: str) -> tuple[str, ...]:
    """Texts of a JSON list, or one from each line that is not empty.

    Raises:
        SettingError: It begins like JSON and is none; names line and column, or the item. Or one of them is
            too long.
    """
    is_json = text.lstrip().startswith("[")
    found = _load(key, text) if is_json else [line for line in text.splitlines() if line]
    for number, item in enumerate(found, 1):
        if not isinstance(item, str) or not item or not is_unicode(item):
            raise _wrong(key, _("item {number} is no text, or an empty one").format(number=number))
    longest = LONGEST_BREAKER if key.endswith("dry_breakers") else LONGEST_TEXT * 4
    check_texts(key, found, longest_bytes=longest)
    return tuple(found)


def read_names(key: str, text: str) -> tuple[str, ...]:
    """Names of stages, with commas between them.

    Raises:
        SettingError: There is no such stage, or it stands there twice.
    """
    names = tuple(name for part in text.split(",") if (name := part.strip()))
    check_names(key, names, ORDER)
    return names


def read_biases(key: str, text: str) -> tuple[Bias, ...]:
    """Pairs of a token's id or a text, and its bias.

    Raises:
        SettingError: It is not of this form; names line and column, or the item.
    """
    if not text.strip():
        return ()
    biases: list[Bias] = []
    for number, item in enumerate(_load(key, text), 1):
        if not isinstance(item, list) or len(item) != 2 or not _is_token(item[0]):
            what = _("item {number} is not [token id or “text”, bias]").format(number=number)
            raise _wrong(key, what)
        check_number(f"{key}: {item[0]}", item[1], BIAS_LIMITS, is_whole=False)
        biases.append((item[0], float(item[1])))
    check_biases(key, [pair for pair in biases if isinstance(pair[0], int)])
    return tuple(biases)


def write_texts(texts: Iterable[str]) -> str:
    """The setting's text of some texts; empty for none."""
    found = list(texts)
    return json.dumps(found, ensure_ascii=False) if found else ""


def write_names(names: Iterable[str]) -> str:
    """The setting's text of names of stages."""
    return ", ".join(names)


def write_biases(biases: Iterable[Bias]) -> str:
    """The setting's text of biases."""
    found = [list(pair) for pair in biases]
    return json.dumps(found, ensure_ascii=False) if found else ""


@lru_cache(maxsize=32)
def check_grammar(text: str) -> None:
    """Refuse a grammar that native code could not take.

    Raises:
        GrammarError: Names the place.
    """
    if text.strip():
        from teahouse.engine import grammar  # late: few people write one

        grammar.check(text)


@lru_cache(maxsize=32)
def check_schema(text: str) -> None:
    """Refuse a JSON Schema of which no grammar can be made.

    Raises:
        GrammarError: Names the place or the keyword.
    """
    if text.strip():
        from teahouse.engine import json_schema

        json_schema.to_grammar(text)


def _load(key: str, text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        what = _("line {line}, column {column} is no JSON").format(line=error.lineno, column=error.colno)
        raise _wrong(key, what, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise _wrong(key, _("it is nested too deeply")) from error
    if not isinstance(found, list):
        raise _wrong(key, _("it is no list"))
    return found


def is_unicode(text: str) -> bool:
    """Whether a text can be written down: JSON and file names may hold halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_token(value: object) -> bool:
    if isinstance(value, str):
        return bool(value) and is_unicode(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(key: str, what: str, **data: int) -> SettingError:
    hint = _('Lists are written as JSON, for example ["one", "two"].')
    return SettingError(_("{key} cannot be read: {what}.").format(key=key, what=what), hint, key=key, **data)
