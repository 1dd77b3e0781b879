"""The same question asked in two ways: another model, temperature, seed or system prompt.

Both replies become versions of one reply in the same conversation, each with what it was made with.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.jobs import Cancel
from teahouse.messages import Generation
from teahouse_desktop.chat.opening import read_messages
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Given, Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App

COMPARE = "compare"
"""Name of the page on which two replies stand beside each other."""

LETTERS = ("A", "B")
State = Literal["waiting", "live", "ended", "dropped"]


@dataclass(frozen=True, slots=True)
class Way:
    """How a question is asked.

    Attributes:
        temperature: None where nobody knows it any more.
        seed: None for the one in force, which may be a new one for each reply.
        reasoning: As the setting `chat.reasoning`; empty for the conversation's.
        system_prompt: What the model is told before, for this reply alone; None for the conversation's.
    """

    model: str
    temperature: float | None
    seed: int | None = None
    reasoning: str = ""
    system_prompt: str | None = None


@dataclass(eq=False)
class Side:
    """One of the two replies on its way.

    Attributes:
        reply_id: Id of its message; empty until it is on disk.
    """

    way: Way
    state: State = "waiting"
    live: LiveReply | None = None
    reply_id: str = ""


@dataclass(eq=False)
class Comparison:
    """A question that is asked in two ways, one after the other.

    Attributes:
        question_id: Id of the question's message; empty until it is on disk.
        is_stopped_here: The reply that is made now was stopped by itself: the other one is still asked.
    """

    question: str
    sides: tuple[Side, Side]
    conversation_id: str = ""
    question_id: str = ""
    is_stopped_here: bool = field(default=False)

    @property
    def is_running(self) -> bool:
        """Whether a reply is being made or still to be made."""
        return any(side.state in ("waiting", "live") for side in self.sides)

    def place_of(self, live: LiveReply) -> int:
        """Which of the two a reply is; -1 for neither."""
        return next((n for n, side in enumerate(self.sides) if side.live is live), -1)


def ask_way(
    *,
    app: App,
    conversation_id: str,
    way: Way,
    text: str | None = None,
    files: Given = (),
    parent_id: str | None = None,
) -> Operation:
    """Let a model answer in this way: a new question, or the one with the id `parent_id`."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        request = TurnRequest(
            conversation_id,
            text,
            parent_id=parent_id,
            model=way.model,
            settings={} if way.temperature is None else {"chat.temperature": way.temperature},
            seed=way.seed,
            reasoning=way.reasoning,
            system_prompt=way.system_prompt,
            attachments=tuple(files),
        )
        return (yield from take_turn(app, request)(cancel))

    return Operation(translate("Operations", "Answering"), work, "model")


def keep_reply(*, app: App, message_id: str) -> Operation:
    """Go on with a reply: it is shown, and called the best of its versions. The others stay."""

    def keep() -> None:
        app.store.show_version(message_id)
        app.store.rank_messages([message_id])
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Keeping the judgement"), keep)


def read_replies(*, app: App, message_ids: Sequence[str]) -> Operation:
    """Read some messages with all that is shown of them; the result is a list of `Shown`."""
    return quick(
        translate("Operations", "Opening the conversation"),
        lambda: read_messages(app, [app.store.message(one) for one in message_ids]),
    )


def read_question(*, app: App, reply_id: str) -> Operation:
    """Read what a reply answers; the result is the text, empty where there is none."""

    def read() -> str:
        parent = app.store.message(reply_id).parent_id
        return app.store.message(parent).text if parent else ""

    return quick(translate("Operations", "Opening the conversation"), read)


def way_of(made: Generation | None) -> Way:
    """How a stored reply was asked for, as far as that is known."""
    if made is None:
        return Way("", None)
    told = made.engine.get("system_prompt")
    used = made.sampling.get("temperature")
    temperature = float(used) if isinstance(used, int | float) else None
    return Way(made.model, temperature, made.seed, system_prompt=told if isinstance(told, str) else None)


def as_live(live: LiveReply) -> Shown:
    """The reply that is being made, without its question."""
    return live.shown()[-1]
