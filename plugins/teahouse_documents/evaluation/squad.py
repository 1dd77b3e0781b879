"""Files of questions in SQuAD's format: paragraphs, and for each question the one that answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teahouse import Translator
from teahouse_documents.values import DocumentsError

_ = Translator("teahouse_documents")


@dataclass(frozen=True, slots=True)
class Questions:
    """A set of questions.

    Attributes:
        paragraphs: Distinct texts.
        asked: (question, position of its paragraph).
        articles: For each paragraph the number of its article.
    """

    paragraphs: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]
    articles: tuple[int, ...] = ()


def read(file: Path, *, corpus: Path | None = None) -> Questions:
    """The questions of a file.

    Args:
        corpus: A parallel file (a translation) whose paragraphs are searched instead: each question belongs
            to the paragraph at the same place there.

    Raises:
        DocumentsError: A file cannot be read, is another format, or the two do not fit.
    """
    own = list(_paragraphs(file))
    searched = own if corpus is None else list(_paragraphs(corpus))
    if len(searched) != len(own):
        text = _("{corpus} has {found} paragraphs and {file} has {expected}: they are not parallel.")
        raise DocumentsError(
            text.format(corpus=corpus, file=file, found=len(searched), expected=len(own)), path=str(corpus)
        )
    places: dict[str, int] = {}
    articles: list[int] = []
    asked = []
    for (_text, questions, _article), (text, _others, article) in zip(own, searched, strict=True):
        place = places.setdefault(text, len(places))
        articles += [article] * (place == len(articles))
        asked += [(question, place) for question in questions]
    if not asked:
        raise DocumentsError(_("{file} has no questions.").format(file=file), path=str(file))
    return Questions(tuple(places), tuple(asked), tuple(articles))


def _paragraphs(file: Path) -> Iterator[tuple[str, list[str], int]]:
    """Text, questions and article of each paragraph."""
    try:
        data: Any = json.loads(file.read_text("utf-8-sig"))
        for number, article in enumerate(data["data"]):
            for paragraph in article["paragraphs"]:
                questions = [str(question["question"]) for question in paragraph["qas"]]
                yield str(paragraph["context"]), questions, number
    except OSError as error:
        raise DocumentsError(
            _("{file} cannot be read: {reason}.").format(file=file, reason=error.strerror or error),
            path=str(file),
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DocumentsError(
            _("{file} is no file of questions in SQuAD's format.").format(file=file),
            _('It is JSON: {"data": [{"paragraphs": [{"context": …, "qas": [{"question": …}]}]}]}.'),
            path=str(file),
        ) from error
