"""Questions end to end: what `teahouse docs ask` answers, against the plain prompt with one passage.

Both sides ask the same model with the same settings, and the plain one is given the best passage that our
search has found: what differs is the prompt, and that nothing is sent where nothing seems to fit. A reply is
right when the answer of XQuAD stands in it. A model that is larger gets several passages from us.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import xquad
from bench.answers.kept import Kept, Row
from bench.answers.xquad import Asked, Questions
from bench.ratio import Count, Paired, Result
from bench.record import commit
from teahouse.app import App
from teahouse.chat.answer import Answered, answer
from teahouse.chat.history import Entry
from teahouse.chat.question import TurnRequest, question_of
from teahouse.jobs import Cancel
from teahouse.messages import Conversation
from teahouse_documents.cli import asking
from teahouse_documents.library import Library

if TYPE_CHECKING:
    from bench.measurements import Say

ROOT = Path(__file__).resolve().parents[3]
LANGUAGES = ("en", "zh")
SIDES = ("ours", "plain")
NAMES = {"en": "English", "zh": "Chinese"}
PLAIN = {
    "en": "Answer the question from the passage.\n\nPassage:\n{passage}\n\nQuestion: {question}",
    "zh": "请根据下面的段落回答问题。\n\n段落：\n{passage}\n\n问题：{question}",
}
MOST_TOKENS = 128
AIMS = {"en": 0.70, "zh": 0.58}
"""Of the starter; it is not told of other models."""


def measure(
    folder: Path, kept: Path, model: Path, embedder: Path, count: int, threads: int, say: Say
) -> list[Result]:
    """`count` held-out questions of each language, and what they show."""
    sets = {language: xquad.read(xquad.file_of(folder, language)) for language in LANGUAGES}
    asked = {language: xquad.held_out(sets[language], count) for language in LANGUAGES}
    ids = [
        f"{language} {one.id}"
        for pair in zip(*asked.values(), strict=True)
        for language, one in zip(asked, pair, strict=True)
    ]
    by_id = {f"{language} {one.id}": (language, one) for language in asked for one in asked[language]}
    files = {side: Kept(kept / f"{side}-{model.stem}.jsonl") for side in SIDES}
    if any(file.missing(ids) for file in files.values()):
        with closing(Desk(kept / "home", model, embedder, threads)) as desk:
            desk.read(sets, say)
            works = {"ours": desk.answer, "plain": desk.answer_plainly}
            for number, one in enumerate(ids, start=1):
                for side, file in files.items():
                    for _done in file.fill([one], lambda key, work=works[side]: work(*by_id[key])):
                        say(f"{model.stem}: question {number} of {len(ids)}, {side} …")
    rows = {
        language: [
            {side: files[side].rows[f"{language} {one.id}"] for side in SIDES} for one in asked[language]
        ]
        for language in LANGUAGES
    }
    return results_of(model.stem, rows, {k: [one.answer for one in v] for k, v in asked.items()})


def results_of(
    name: str, rows: Mapping[str, Sequence[Mapping[str, Row]]], answers: Mapping[str, Sequence[str]]
) -> list[Result]:
    """Shares of wrong replies, and both sides in pairs.

    Args:
        rows: For each language the questions, and of each the row of either side.
        answers: What must stand in the replies.
    """
    results: list[Result] = []
    right: dict[str, list[tuple[bool, bool]]] = {}
    for language, own in rows.items():
        pairs = zip(own, answers[language], strict=True)
        right[language] = [
            (is_right(row["ours"]["reply"], gold), is_right(row["plain"]["reply"], gold))
            for row, gold in pairs
        ]
        told = {
            "replies": len(own),
            "the right paragraph was first": sum(row["plain"]["is_first"] for row in own),
            "nothing was sent": sum(row["ours"]["sent"] == 0 for row in own),
            "commits": sorted({row["ours"]["commit"] for row in own}),
        }
        wrong = 1 - sum(ours for ours, _plain in right[language]) / len(own)
        aim = round(1 - AIMS[language], 2) if "0.5b" in name else None
        results.append(Count(f"{name}, {NAMES[language]}: replies without the answer", wrong, aim, told))
    right["both"] = list(chain(*right.values()))
    for language, those in right.items():
        ours, plain = zip(*those, strict=True)
        title = f"{name}, {NAMES.get(language, language)}: replies with the answer, ours / plain prompt"
        results.append(Paired(title, list(ours), list(plain)))
    return results


def is_right(reply: str, answer: str) -> bool:
    """Whether the answer stands in a reply, in small letters and without spaces."""
    return "".join(answer.split()).casefold() in "".join(reply.split()).casefold()


class Desk:
    """An app with a model, an embedder, and the paragraphs of each language as a collection of files."""

    def __init__(self, home: Path, model: Path, embedder: Path, threads: int) -> None:
        home.mkdir(parents=True, exist_ok=True)
        os.environ["TEAHOUSE_HOME"] = str(home)
        self._home, self._commit = home, commit(ROOT)
        self._app = App.open()
        self._app.paths.models.mkdir(parents=True, exist_ok=True)
        for file in (model, embedder):
            link = self._app.paths.models / file.name
            if not link.exists():
                link.symlink_to(file)
        own = {"chat.temperature": 0.0, "chat.max_tokens": MOST_TOKENS, "documents.embedder": embedder.stem}
        for key, value in (own | ({"engine.threads": threads} if threads else {})).items():
            self._app.settings.set(key, value)
        self._model = next(
            one.name for one in self._app.models.list() if one.path == link.parent / model.name
        )
        self._library = Library.of(self._app)

    def read(self, sets: Mapping[str, Questions], say: Say) -> None:
        """Put the paragraphs in, a file each, and wait until they can be searched."""
        there = {one.name for one in self._library.collections()}
        for language, questions in sets.items():
            folder = self._home / "texts" / language
            folder.mkdir(parents=True, exist_ok=True)
            for number, text in enumerate(questions.paragraphs):
                file = folder / f"{number:03}.txt"
                if not file.exists():
                    file.write_text(text, "utf-8")
            if language not in there:
                self._library.add(language, folder)
        wanted = sum(len(questions.paragraphs) for questions in sets.values())
        while (status := self._library.status()).done < wanted or status.embedded < status.chunks:
            say(f"reading: {status.done} of {wanted} …")
            time.sleep(0.2)

    def answer(self, language: str, one: Asked) -> Row:
        """What `teahouse docs ask` answers."""
        anything = {"docs.folder": "", "docs.types": "", "docs.since": ""}
        params = anything | {
            "docs.query": one.question,
            "docs.collection": language,
            "docs.model": self._model,
        }
        told = _last(asking.ask(self._app, params)(Cancel()))
        sent = sum(1 for passage in told["passages"] if passage["is_sent"])
        return {"reply": told["reply"], "sent": sent, "commit": self._commit}

    def answer_plainly(self, language: str, one: Asked) -> Row:
        """What the model says to the plain prompt."""
        found = self._library.search(one.question, collections=[language], limit=10, has_second_look=True)
        words = PLAIN[language].format(passage=found.hits[0].text, question=one.question)
        conversation = Conversation("", "", 0, 0, model=self._model)
        done = Answered()
        question = question_of(self._app, conversation, TurnRequest(""), history=[Entry("user", words)])
        for _event in answer(self._app.engines, question, Cancel(), done):
            pass
        is_first = Path(found.hits[0].path).stem == f"{one.place:03}"
        return {"reply": done.text, "is_first": is_first, "commit": self._commit}

    def close(self) -> None:
        """End it."""
        self._library.close()
        self._app.close()


def _last(steps: Iterator[Any]) -> dict[str, Any]:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return dict(stop.value)
