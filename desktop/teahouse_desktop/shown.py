"""A message as the transcript shows it: with its statistics, its version number and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from teahouse.messages import Generation, Message, MessageState, Part


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the visible path.

    Attributes:
        generation: What the engine reported; None for people's messages and unfinished replies.
        version: Which of the `versions` beside it this is, from 1.
        sibling_ids: Ids of all versions, oldest first, itself included.
        error: What went wrong, in words, and `hint` what to do; for failed replies.
        status: What is going on right now while a reply is made ("Loading the model… 42 %").
    """

    message: Message
    generation: Generation | None = None
    sibling_ids: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    status: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the reply is being made now."""
        return self.message.state == "streaming"

    @property
    def is_bare(self) -> bool:
        """Whether only the message itself is known; a message that was read knows at least itself."""
        return not self.sibling_ids

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

    def with_text(self, text: str) -> Shown:
        """The same with another text."""
        return replace(self, message=replace(self.message, parts=(Part("text", text),) if text else ()))

    def with_state(self, state: MessageState, *, error: str = "", hint: str = "") -> Shown:
        """The same in another state, with the reason."""
        return replace(self, message=replace(self.message, state=state), error=error, hint=hint, status="")
