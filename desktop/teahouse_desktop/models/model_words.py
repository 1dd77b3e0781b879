"""What is said of models: sizes, languages, licences, where they come from, how they fit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QLocale

from teahouse.engine.suitability import Suitability
from teahouse.language import listed
from teahouse.models.catalogue import ConvertedSource, Entry, HubSource
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate

BETWEEN = "\u00a0· "
"""A line never begins with the dot."""


def in_a_row(*facts: str) -> str:
    """Facts in one line; empty ones are left out."""
    return BETWEEN.join(fact for fact in facts if fact)


def breakable(name: str) -> str:
    """A name that may also be broken behind dots, strokes and underscores; for the eyes, not to be copied."""
    return re.sub(r"(?<=[._/\\])(?=.)", "\u200b", name)


def languages_in_words(codes: Iterable[str]) -> str:
    """Languages by name where the name is known: `English, Chinese`."""
    known = {
        "en": translate("ModelWords", "English"),
        "zh": translate("ModelWords", "Chinese"),
        "de": translate("ModelWords", "German"),
        "fr": translate("ModelWords", "French"),
        "es": translate("ModelWords", "Spanish"),
        "ja": translate("ModelWords", "Japanese"),
        "ko": translate("ModelWords", "Korean"),
        "ru": translate("ModelWords", "Russian"),
    }
    return listed(known.get(code, code) for code in codes)


def count_in_words(number: int) -> str:
    """`32,768`; empty for 0."""
    return QLocale().toString(number) if number else ""


def parameters_in_words(number: int) -> str:
    """`1.5B parameters`, `494M parameters`, as such models are named; empty for 0."""
    if not number:
        return ""
    size = f"{number / 1e9:.1f}".removesuffix(".0") + "B" if number >= 10**9 else f"{number / 1e6:.0f}M"
    if number < 10**6:
        size = count_in_words(number)
    return translate("ModelWords", "{count} parameters").format(count=size)


def context_in_words(tokens: int) -> str:
    """`context 32,768 tokens`; empty for 0."""
    if not tokens:
        return ""
    return translate("ModelWords", "context {count} tokens").format(count=count_in_words(tokens))


def licence_in_words(licence: str) -> str:
    """`licence MIT`; empty where nobody tells it."""
    return translate("ModelWords", "licence {name}").format(name=licence) if licence else ""


def entry_in_words(entry: Entry) -> str:
    """Size, parameters, languages and licence of a model of the catalogue, in one line."""
    return in_a_row(
        size_in_words(entry.size_bytes),
        parameters_in_words(entry.parameters),
        languages_in_words(entry.languages),
        licence_in_words(entry.licence),
    )


def fit_in_words(found: Suitability) -> str:
    """The label, and what it takes: `fits · takes about 1.2 GB of memory`."""
    return in_a_row(label_in_words(found), needs_in_words(found))


def label_in_words(found: Suitability) -> str:
    """The label, with the context where that is smaller."""
    if found.level == "shorter" and found.context:
        text = translate("ModelWords", "fits with a smaller context of {count} tokens")
        return text.format(count=count_in_words(found.context))
    return found.label


def needs_in_words(found: Suitability) -> str:
    """What it takes in memory; empty where nobody knows."""
    if not found.needs_bytes:
        return ""
    text = translate("ModelWords", "takes about {size} of memory")
    return text.format(size=size_in_words(found.needs_bytes))


def sources_in_words(entry: Entry, host: str) -> str:
    """Where a model comes from and what leaves the machine for it.

    Args:
        host: Name of the host that the hub is on.
    """
    places = []
    for source in entry.sources:
        if isinstance(source, HubSource):
            places.append(translate("ModelWords", "{host} ({name})").format(host=host, name=source.repo))
        elif isinstance(source, ConvertedSource):
            text = translate("ModelWords", "the package index that pip is set to ({name})")
            places.append(text.format(name=source.part.package))
        else:
            text = translate("ModelWords", "the package index that pip is set to ({first} … {last})")
            names = [part.package for part in source.parts]
            places.append(text.format(first=names[0], last=names[-1]))
    where = translate("ModelWords", ", else ").join(places)
    text = translate(
        "ModelWords", "Comes from {places}. Only the request for the file is sent there, nothing of yours."
    )
    return text.format(places=where)
