"""A message as the transcript shows it: with its statistics, its version number and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from teahouse.messages import Generation, Message, MessageState, Part
from teahouse_desktop.chat import fitted, sourced
from teahouse_desktop.chat.fitted import Fitted


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the visible path.

    Attributes:
        generation: What the engine reported; None for people's messages and unfinished replies.
        version: Which of the `versions` beside it this is, from 1.
        sibling_ids: Ids of all versions, oldest first, itself included.
        error: What went wrong, in words, and `hint` what to do; for failed replies.
        status: What is going on right now while a reply is made ("Loading the model… 42 %").
        thought_s: How long the model has been thinking, measured here while a reply is made.
        live_fitted: What was left out, as far as a running turn has told.
        live_notice: What people are to know of the search for its sources, as far as a running turn has told.
        live_is_general: Nothing was found for it, as far as a running turn has told.
        lacks_format: It failed because the model's file carries no chat template and none is chosen.
    """

    message: Message
    generation: Generation | None = None
    sibling_ids: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    status: str = ""
    thought_s: float = 0.0
    live_fitted: Fitted | None = None
    lacks_format: bool = False
    live_notice: str = ""
    live_is_general: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the reply is being made now."""
        return self.message.state == "streaming"

    @property
    def is_bare(self) -> bool:
        """Whether only the message itself is known; a message that was read knows at least itself."""
        return not self.sibling_ids

    @property
    def reasoning(self) -> str:
        """What the model thought before it answered."""
        return "".join(part.data for part in self.message.parts if part.kind == "reasoning")

    @property
    def reasoning_s(self) -> float:
        """How long it thought; 0 when nobody knows."""
        return (self.generation.timings.reasoning_s if self.generation else 0.0) or self.thought_s

    @property
    def fitted(self) -> Fitted | None:
        """What was left out of the prompt of this reply; None when nothing was, or nobody knows yet."""
        return self.live_fitted or fitted.stored_in(self.message)

    @property
    def notice(self) -> str:
        """What people are to know of the search for its sources; empty for nothing."""
        return self.live_notice or sourced.notice_of(self.message)

    @property
    def is_general(self) -> bool:
        """Whether documents were searched in vain: it says what the model knows by itself."""
        return self.live_is_general or sourced.is_general(self.message)

    @property
    def version(self) -> int:
        """Its place among its versions, from 1."""
        ids = self.sibling_ids
        return ids.index(self.message.id) + 1 if self.message.id in ids else 1

    @property
    def versions(self) -> int:
        """How many versions there are, itself included."""
        return max(1, len(self.sibling_ids))

    def sibling(self, step: int) -> str:
        """Id of the version `step` places further; empty where there is none."""
        place = self.version - 1 + step
        return self.sibling_ids[place] if 0 <= place < len(self.sibling_ids) else ""

    def grown(self, text: str, kind: str = "text") -> Shown:
        """The same with more text of the answer, or of the reasoning before it."""
        texts = {"reasoning": self.reasoning, "text": self.message.text}
        texts[kind] += text
        return replace(self, message=replace(self.message, parts=make_parts(**texts)))

    def with_state(self, state: MessageState, *, error: str = "", hint: str = "") -> Shown:
        """The same in another state, with the reason."""
        return replace(self, message=replace(self.message, state=state), error=error, hint=hint, status="")


def make_parts(*, reasoning: str, text: str) -> tuple[Part, ...]:
    """The parts of a reply, those without text left out."""
    return tuple(Part(kind, data) for kind, data in (("reasoning", reasoning), ("text", text)) if data)
