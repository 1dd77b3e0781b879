"""Frozen values that travel through the house: conversations, messages, parts, stream events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]
MessageState = Literal["complete", "streaming", "stopped", "failed", "partial"]
"""`streaming` while a reply grows; `partial` after a crash or power loss; `stopped` by the person."""

FinishReason = Literal["stop", "length", "stopped", "error"]
"""`stop`: the model ended or a stop string came; `length`: a limit; `stopped`: by the person."""

WORDS = frozenset({"text", "reasoning"})
"""Kinds of parts that a message says itself; others stand beside it, and may come from elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message.

    Attributes:
        kind: `text`; `reasoning`: what the model thought before it answered; `error`: what went wrong;
            `context`: JSON of what was not sent (see `ContextFitted`); `summary`: what stands for the
            messages up to this one when they are no longer sent; `attachment`: JSON of an
            `Attachment`; `passages`: JSON of what was searched for a reply and what of it was sent (see
            `chat.sources`); a plugin's own kinds; `image`, `tool` … later.
        source: Where it came from, when not from the person or the model.
        is_trusted: False for text from documents, tools, the web or imports.
    """

    kind: str
    data: str
    source: str = ""
    is_trusted: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One node of a conversation's tree; siblings are versions of each other.

    Attributes:
        thumb: The person's judgement: -1, 0 (none) or 1.
        note: Why, in the person's words.
        rank: Its place among its siblings, 1 the best; 0 where they were not ranked.
    """

    id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    state: MessageState
    created_ms: int
    parts: tuple[Part, ...] = ()
    is_pinned: bool = False
    thumb: int = 0
    note: str = ""
    rank: int = 0

    @property
    def text(self) -> str:
        """What the model reads of it: its text parts joined."""
        return "".join(part.data for part in self.parts if part.kind == "text")

    @property
    def is_written_here(self) -> bool:
        """Whether its words were written here: the ids of an imported text can be any, control tokens too."""
        return all(part.is_trusted for part in self.parts if part.kind in WORDS)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tree of messages; the visible path runs from `leaf_id` up to the root.

    Attributes:
        tags: In the order of the alphabet, each once.
        trashed_ms: When it was put into the trash; None where it is not.
    """

    id: str
    title: str
    created_ms: int
    updated_ms: int
    leaf_id: str | None = None
    folder: str = ""
    system_prompt: str = ""
    model: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    draft: str = ""
    tags: tuple[str, ...] = ()
    is_pinned: bool = False
    is_archived: bool = False
    trashed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one reply; `prompt_tokens` is the whole prompt, `cached_tokens` those reused."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds and rates of one reply, measured in the engine's process.

    Attributes:
        load_s: Loading the model for this reply; 0 when it was loaded already.
        first_token_s: From the request to the first token.
        prompt_tps: Prompt tokens read a second, reused ones not counted.
        decode_tps: Tokens generated a second.
        reasoning_s: From the first token to the end of the reasoning; 0 where there was none.
    """

    load_s: float = 0.0
    first_token_s: float = 0.0
    prompt_tps: float = 0.0
    decode_tps: float = 0.0
    reasoning_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Generation:
    """What really happened when a reply was made; stored with it.

    Attributes:
        ids: Token ids generated, in order.
        prompt_ids: Token ids of the prompt really sent.
        adapters: (file hash, scale) in order.
        sampling: Sampler values in the order of the chain.
    """

    message_id: str
    model: str
    model_hash: str
    ids: tuple[int, ...]
    prompt_ids: tuple[int, ...]
    adapters: tuple[tuple[str, float], ...]
    sampling: dict[str, Any]
    seed: int
    usage: Usage
    timings: Timings
    finish_reason: FinishReason
    engine: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn whose reply is written and not yet finished, as the hook `review_reply` gets it.

    Attributes:
        question: What was answered; empty text where the conversation begins with the reply.
        reply: With the text as the model wrote it.
        passages: JSON objects of the passages that were sent, each with its `number`; empty for none.
    """

    conversation: Conversation
    question: str
    reply: Message
    passages: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was added to a message; its bytes are stored once for each hash.

    Attributes:
        hash: SHA-256 of the bytes, 64 hexadecimal digits.
        type: MIME type.
        text: What the model reads of it; None where it has no text, as an image.
        tokens: Length of `text` in tokens; None where nobody has counted.
    """

    hash: str
    name: str
    type: str
    size_bytes: int
    text: str | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be added to a message; see `Attachment`."""

    name: str
    type: str
    data: bytes
    text: str | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text of the prompt library, found by its name."""

    name: str
    text: str
    created_ms: int
    updated_ms: int


@dataclass(frozen=True, slots=True)
class WholeConversation:
    """A conversation with all that belongs to it, as it is exported and imported.

    Attributes:
        messages: The whole tree, each after its parent.
        generations: What replies stored, in the order of their messages.
        attachments: Bytes of the files that its messages carry, by hash.
    """

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    generations: tuple[Generation, ...] = ()
    attachments: dict[str, bytes] = field(default_factory=dict)


# --- what a running turn yields -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TurnSaved:
    """The person's message and the empty reply are on disk; nothing has run yet."""

    conversation_id: str
    user_message_id: str | None
    reply_id: str


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """A model is being loaded; `fraction` runs from 0 to 1."""

    model: str
    fraction: float


@dataclass(frozen=True, slots=True)
class ContextFitted:
    """What of the conversation is sent, counted in real tokens before anything is computed.

    Attributes:
        prompt_tokens: Tokens of the whole prompt.
        context: Tokens that fit into the model's context, the reply included.
        not_sent: Ids of messages that are left out, oldest first.
        is_summarised: Whether a summary stands for them.
        repair: What was done to message roles that the template does not take (see `engine.roles`).
    """

    reply_id: str
    prompt_tokens: int
    context: int
    not_sent: tuple[str, ...] = ()
    is_summarised: bool = False
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Summarising:
    """Messages that no longer fit are being summarised: `done` of about `total` tokens of it.

    Attributes:
        subject: What is summarised instead, such as a document: `done` and `total` count its parts.
    """

    reply_id: str
    done: int
    total: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Searching:
    """Plugins look for what the model is to read before it answers."""

    reply_id: str


@dataclass(frozen=True, slots=True)
class ContextFound:
    """What plugins found for the question; it is stored with the reply.

    Attributes:
        passages: How many; how many of them are sent follows from the model's context.
        notice: What people are to know, such as that nothing fits.
    """

    reply_id: str
    passages: int
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PromptRead:
    """The prompt is being read: `done` of `total` tokens, `cached` of them reused."""

    reply_id: str
    done: int
    total: int
    cached: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of a reply, of the answer or of the reasoning before it."""

    reply_id: str
    text: str
    kind: Literal["text", "reasoning"] = "text"


@dataclass(frozen=True, slots=True)
class TokenStep:
    """The model waits for a choice before a token, or has taken one.

    Attributes:
        place: Of the token among the reply's own, from 0.
        token: Id of the token that was taken; None while the model waits.
        stages: What each stage of the sampler chain leaves over (see `engine.llama.explainer`).
        text: What the token stands for; empty while the model waits.
        is_picked: Whether a person chose it.
        drawn: While the model waits: the token that the chain has drawn.
        refused: While it waits again: the token that was picked and that the grammar forbids.
    """

    reply_id: str
    place: int
    token: int | None
    stages: tuple[dict[str, Any], ...] = ()
    text: str = ""
    is_picked: bool = False
    drawn: int | None = None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class AdaptersChanged:
    """Other adapters hold from a place among the reply's own tokens on, or could not be used.

    Attributes:
        names: Those that hold now; empty for none.
        refused: Why they could not be used; empty where they hold.
    """

    reply_id: str
    place: int
    names: tuple[str, ...] = ()
    refused: str = ""


StreamEvent = (
    TurnSaved
    | Searching
    | ContextFound
    | ModelLoading
    | Summarising
    | ContextFitted
    | PromptRead
    | TextDelta
    | TokenStep
    | AdaptersChanged
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a turn."""

    conversation_id: str
    message_id: str
    model: str
    text: str
    finish_reason: FinishReason
    usage: Usage
    timings: Timings
