"""The same question to a model as it was and as it was trained; nothing is stored."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

from teahouse.chat.answer import Answered, answer
from teahouse.chat.history import Entry
from teahouse.chat.question import TurnRequest, question_of
from teahouse.messages import Conversation, TextDelta
from teahouse.models.adapters import format_choice

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work

SEED, MOST_TOKENS = 20, 256
"""The same for both, so that only the training makes a difference."""


class Said(NamedTuple):
    """What one of the two has written so far."""

    is_tuned: bool
    text: str


def compare(app: App, question: str, *, model: str, adapter: str, made_model: str = "") -> Work:
    """Work for the lane `model` that yields `Said`: first of the model as it was, then of what came out.

    Args:
        made_model: A whole model that came out; without one the adapter acts on the same model.
    """

    def work(cancel: Cancel) -> Generator[Said | None, None, None]:
        yield from _say(app, question, model, "", cancel, is_tuned=False)
        tuned = app.models.find(made_model).name if made_model else model
        choice = "" if made_model else format_choice([(adapter, 1.0)])
        yield from _say(app, question, tuned, choice, cancel, is_tuned=True)

    return work


def _say(
    app: App, text: str, model: str, choice: str, cancel: Cancel, *, is_tuned: bool
) -> Generator[Said | None, None, None]:
    request = TurnRequest(
        "", text, model=model, settings={"chat.adapters": choice}, seed=SEED, max_tokens=MOST_TOKENS
    )
    asked = question_of(app, Conversation("", "", 0, 0), request, history=(Entry("user", text),))
    so_far, written = Answered(), ""
    for event in answer(app.engines, asked, cancel, so_far):
        if isinstance(event, TextDelta):
            written += event.text
            yield Said(is_tuned, written)
        else:
            yield None
    yield Said(is_tuned, so_far.text)
