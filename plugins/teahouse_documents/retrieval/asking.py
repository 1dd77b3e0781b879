"""Asking the model itself, before it answers: for a question that stands alone, or for other wordings.

Off unless a person chooses it: models under a billion parameters do it badly.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.history import Entry
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError
from teahouse.jobs import Cancel

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

STEADY = Sampling(temperature=0.0, seed=0)
MOST_TOKENS = 120
MOST_CHARS = 400

ALONE = (
    "Rewrite the last question so that it can be understood without the ones before it. Keep its language."
    " Write nothing but the question.\n\n{earlier}\nLast question: {question}"
)
OTHERS = (
    "Write {count} other wordings of this question, each on a line of its own, in the same language, nothing"
    " else.\n\nQuestion: {question}"
)


def standing_alone(app: App, model: str, question: str, earlier: Sequence[str]) -> str:
    """The question as the model words it without those before it; empty where it could not."""
    before = "\n".join(f"Question: {one[:MOST_CHARS]}" for one in earlier[-3:])
    lines = _lines(_ask(app, model, ALONE.format(earlier=before, question=question)))
    return lines[0] if lines else ""


def other_wordings(app: App, model: str, question: str, count: int) -> list[str]:
    """At most `count` other wordings, for RAG-Fusion (Rackauckas 2024)."""
    said = _lines(_ask(app, model, OTHERS.format(count=count, question=question)))
    return [line for line in dict.fromkeys(said) if line.casefold() != question.casefold()][:count]


def _lines(said: str) -> list[str]:
    lines = (line.strip().lstrip("-*•0123456789.) ").strip() for line in said.splitlines())
    return [line[:MOST_CHARS] for line in lines if line]


def _ask(app: App, model: str, words: str) -> str:
    done = Answered()
    question = Question(
        model, (Entry("user", words),), sampling=STEADY, max_tokens=MOST_TOKENS, has_reasoning=False
    )
    try:
        for _event in answer(app.engines, question, Cancel(), done):
            pass
    except AppError as error:  # the question is searched as it is
        log.info("the model did not reword a question: %s", error)
        return ""
    return done.text
