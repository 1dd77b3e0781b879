"""XQuAD (Artetxe, Ruder & Yogatama 2020): parallel paragraphs and questions in each language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        id: The same in each language.
        answer: As it stands in the paragraph.
        place, article: Numbers of its paragraph and of that one's article.
    """

    id: str
    question: str
    answer: str
    place: int
    article: int


@dataclass(frozen=True, slots=True)
class Questions:
    """All of one language."""

    paragraphs: tuple[str, ...]
    articles: tuple[int, ...]
    asked: tuple[Asked, ...]

    def of_article(self, article: int) -> frozenset[int]:
        """The numbers of its paragraphs."""
        return frozenset(place for place, own in enumerate(self.articles) if own == article)


def file_of(folder: Path, language: str) -> Path:
    """Where a language stands."""
    return folder / f"xquad.{language}.json"


def read(file: Path) -> Questions:
    """A file of SQuAD's format, with the answers."""
    paragraphs: list[str] = []
    articles: list[int] = []
    asked: list[Asked] = []
    for article, told in enumerate(json.loads(file.read_text("utf-8"))["data"]):
        for paragraph in told["paragraphs"]:
            for one in paragraph["qas"]:
                answer = one["answers"][0]["text"]
                asked.append(Asked(one["id"], one["question"], answer, len(paragraphs), article))
            paragraphs.append(paragraph["context"])
            articles.append(article)
    return Questions(tuple(paragraphs), tuple(articles), tuple(asked))


def held_out(questions: Questions, count: int) -> Sequence[Asked]:
    """Of every second article one question of each paragraph: the others may be used to choose wordings."""
    of_place: dict[int, list[Asked]] = {}
    for one in questions.asked:
        if one.article % 2:
            of_place.setdefault(one.place, []).append(one)
    chosen = [those[place % len(those)] for place, those in of_place.items()]
    step = max(1, len(chosen) // count)
    return chosen[::step][:count]
