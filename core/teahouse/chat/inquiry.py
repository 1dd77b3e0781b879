"""What is asked of which model, and what has been answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from teahouse.chat.adapter_changes import AdapterSet, Sets
from teahouse.chat.beginning import Beginning
from teahouse.chat.branch import BranchPoint
from teahouse.chat.history import Entry
from teahouse.chat.sources import Sources
from teahouse.chat.summary import Summary
from teahouse.engine.sampling import Sampling
from teahouse.messages import ContextFitted, FinishReason, Timings, Usage
from teahouse.models.adapter_choice import Fitted as Adapted
from teahouse.models.library import Model

if TYPE_CHECKING:
    from teahouse.engine.steering import Steering

Overflow = Literal["refuse", "drop", "summarise"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which model, and how.

    Attributes:
        messages: From the first to the last: entries of a history, or `{role, content}`.
        reply_id: The id that the stream events carry.
        overflow: What happens when the messages do not fit (see `chat.context`).
        has_reasoning: Ask for reasoning or for none; None leaves it to the model's template.
        is_reproducible: Read everything anew: the same seed gives the same text.
        conversation_id: Whose saved state may be taken up; empty for none.
        beginning: What the reply has said before, after which it goes on; None for a new one.
        biases: (text, bias): added to the logits of the text's tokens, which only the model can tell.
        point: Where a reply is begun again with another token; None for a new one.
        step: Likeliest tokens told of each token, as `TokenStep`; 0 for none, or as many as are usual where
            there is step mode.
        steering: What a person tells the reply meanwhile; None where nobody does.
        sources: What was found for the last question; as much of it is sent as there is room for.
        adapters: Those that are on at its beginning.
    """

    model: str
    messages: tuple[Entry | Mapping[str, Any], ...]
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 2048
    stop: tuple[str, ...] = ()
    reply_id: str = ""
    overflow: Overflow = "refuse"
    has_reasoning: bool | None = None
    is_reproducible: bool = False
    conversation_id: str = ""
    beginning: Beginning | None = None
    biases: tuple[tuple[str, float], ...] = ()
    point: BranchPoint | None = None
    step: int = 0
    steering: Steering | None = None
    sources: Sources | None = None
    adapters: tuple[Adapted, ...] = ()

    @property
    def paths(self) -> tuple[tuple[str, float], ...]:
        """The adapters as the engine takes them."""
        return tuple((one.path, one.scale) for one in self.adapters)

    @property
    def adapter_set(self) -> AdapterSet:
        """The adapters as they are stored with a reply that begins with them."""
        held = tuple((one.sha256, one.scale) for one in self.adapters)
        return AdapterSet(0, held, tuple(one.name for one in self.adapters))

    @property
    def entries(self) -> list[Entry]:
        """The messages as entries."""
        return [message if isinstance(message, Entry) else Entry(**message) for message in self.messages]


@dataclass(slots=True)
class Answered:
    """What has been answered so far; complete when `answer` has returned.

    A crash leaves here what had arrived, so that nothing is lost.

    Attributes:
        prompt_ids: The prompt sent; at its end are the `begun` ids after which the reply goes on.
        fitted: What of the messages was sent; None before that is known.
        kept: What of a reply that is begun again was kept, reasoning left out; None before that is known.
        summary: One that was written for this answer.
        sent: How many passages of the sources were sent.
        adapters: Which adapters made which part, also of what the reply begins with.
        goes_on: The first of its own tokens that is new: what was said before has been made with others.
    """

    model: Model | None = None
    model_hash: str = ""
    text: str = ""
    reasoning: str = ""
    ids: list[int] = field(default_factory=list)
    prompt_ids: list[int] = field(default_factory=list)
    begun: int = 0
    kept: str | None = None
    fitted: ContextFitted | None = None
    summary: Summary | None = None
    sent: int = 0
    adapters: Sets = ()
    goes_on: int = 0
    sampling: Sampling = field(default_factory=Sampling)
    usage: Usage = field(default_factory=Usage)
    timings: Timings = field(default_factory=Timings)
    finish_reason: FinishReason = "error"
    engine: dict[str, Any] = field(default_factory=dict)
