"""What the values of `Sampling` may be, and the words that say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from teahouse.errors import SettingError
from teahouse.language import _

BIAS_LIMITS = (-100.0, 100.0)
"""Added to a logit; -100 practically bans a token, 100 practically forces it."""
MOST_BIASES = 10_000
MOST_TEXTS = 1_000
LONGEST_TEXT = 200
"""Characters of a banned word or phrase."""
MOST_BREAKERS = 32
"""Of DRY: llama.cpp looks through the whole vocabulary for each when a reply begins."""
LONGEST_BREAKER = 40
"""Bytes of a breaker of DRY: llama.cpp cuts longer ones."""


def check_number(key: str, value: Any, limits: tuple[float, float], *, is_whole: bool) -> None:
    """Refuse what is no number, no whole one where one is wanted, or lies outside.

    Raises:
        SettingError: Names the key and the range.
    """
    least, greatest = limits
    kinds: tuple[type, ...] = (int,) if is_whole else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if not (is_number and least <= value <= greatest):  # nor is what is no number between two
        text = _("It is a whole number between {least} and {greatest}.") if is_whole else None
        refuse(key, value, (text or _("It lies between {least} and {greatest}.")), least, greatest)


def check_texts(
    key: str, values: Sequence[Any], *, longest_bytes: int = LONGEST_TEXT * 4, most: int = MOST_TEXTS
) -> None:
    """Refuse a list of which one is no text, empty, or too long.

    Raises:
        SettingError: Names the key.
    """
    if len(values) > most:
        refuse(key, len(values), _("At most {greatest} texts can stand there."), 0, most)
    for value in values:
        if not isinstance(value, str) or not value or "\0" in value:
            refuse(key, value, _("Each is a text that is not empty."), 0, 0)
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            refuse(key, ascii(value), _("It holds half of a character."), 0, 0)
        if len(value.encode()) > longest_bytes:
            refuse(key, value, _("Each has at most {greatest} bytes."), 0, longest_bytes)


def check_biases(key: str, values: Sequence[Any]) -> None:
    """Refuse what is no list of (token id, bias), each id once.

    Raises:
        SettingError: Names the key and the range.
    """
    if len(values) > MOST_BIASES:
        refuse(key, len(values), _("At most {greatest} tokens can stand there."), 0, MOST_BIASES)
    seen: set[int] = set()
    for pair in values:
        if not isinstance(pair, tuple) or len(pair) != 2:
            refuse(key, pair, _("It is a list of pairs: token id and bias."), 0, 0)
        check_number(key, pair[0], (0, 2**31 - 1), is_whole=True)
        check_number(key, pair[1], BIAS_LIMITS, is_whole=False)
        if pair[0] in seen:
            refuse(key, pair[0], _("Each token stands there once."), 0, 0)
        seen.add(pair[0])


def check_names(key: str, values: Sequence[Any], known: Iterable[str]) -> None:
    """Refuse names that no stage has, and names given twice.

    Raises:
        SettingError: Names the key and lists the stages.
    """
    names = tuple(known)
    for place, value in enumerate(values):
        if value not in names:
            refuse(key, value, _("The stages are: {names}.").format(names=", ".join(names)), 0, 0)
        if value in values[:place]:
            refuse(key, value, _("Each stage stands there once."), 0, 0)


def refuse(key: str, value: object, hint: str, least: float, greatest: float) -> None:
    """Say that a value cannot be, and what can.

    Raises:
        SettingError: Always.
    """
    raise SettingError(
        _("{key} cannot be {value}.").format(key=key, value=_short(value)),
        hint.format(least=least, greatest=greatest),
        key=key,
    )


def frozen(value: Any) -> Any:
    """A value in which every list has become a tuple, as JSON has no tuples."""
    return tuple(frozen(item) for item in value) if isinstance(value, list | tuple) else value


def thawed(value: Any) -> Any:
    """A value in which every tuple has become a list, as it comes back from JSON."""
    return [thawed(item) for item in value] if isinstance(value, tuple) else value


def _short(value: object) -> str:
    text = str(value) if isinstance(value, str | int | float) else repr(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
