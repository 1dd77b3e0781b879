"""What a model thinks before it answers, told apart from the answer.

Models write it at the beginning of a reply, between two tags which may be ordinary text or control tokens.
The pairs are those of the models' published chat templates.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["text", "reasoning"]
Said = list[tuple[Kind, str]]

PAIRS = {
    "<think>": "</think>",  # DeepSeek R1, Qwen 3, QwQ, GLM, SmolLM 3 …
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",  # Magistral
    "<seed:think>": "</seed:think>",  # Seed-OSS
    "<|START_THINKING|>": "<|END_THINKING|>",  # Command R7B and A
    "<|channel|>analysis<|message|>": "<|end|>",  # gpt-oss
    "<|channel>thought": "<channel|>",  # Gemma 4
}
ANSWERS = ("<|channel|>final<|message|>", "<|channel|>commentary<|message|>")
"""What begins an answer and is no part of it."""
AGAIN = "<|start|>assistant"
"""What may stand before each of these (gpt-oss)."""
TOKENS = (
    *("<think>", "</think>", "<thinking>", "</thinking>", "<thought>", "</thought>"),
    *("[THINK]", "[/THINK]", "<seed:think>", "</seed:think>", "<|START_THINKING|>", "<|END_THINKING|>"),
    *("<|start|>", "<|channel|>", "<|message|>", "<|end|>", "<|channel>", "<channel|>"),
)
NEWLINES = "\r\n"


def tag_texts() -> frozenset[str]:
    """Texts of tokens that a `ReasoningStream` must see, also where they are control tokens."""
    return frozenset(TOKENS)


def opened_by(rendered: str) -> str:
    """The tag that ends the reasoning which a prompt's last words have opened; empty where none is open."""
    end = rendered.rstrip()
    return next((closing for opening, closing in PAIRS.items() if end.endswith(opening)), "")


class ReasoningStream:
    """Splits the text of one reply, in pieces of any size, into reasoning and answer.

    Reasoning is recognised at the beginning of a reply only, after white space. White space around it
    is dropped, and so are the line ends between its closing tag and the answer.

    Args:
        closing: As told by `opened_by`: the tag that ends the reasoning in which the reply begins.

    Attributes:
        is_settled: Whether the answer has begun; from then on no tag is looked for, so that the texts of
            control tokens need not be fed any more.
    """

    def __init__(self, closing: str = "") -> None:
        self.is_settled = False
        self._closing = closing
        self._held = ""
        self._has_begun = False
        """Whether some of the reasoning between the present tags has been said."""
        self._has_reasoning = bool(closing)

    @property
    def is_thinking(self) -> bool:
        """Whether a reasoning is open."""
        return bool(self._closing)

    def feed(self, text: str) -> Said:
        """What is certain after `text`: pieces of (kind, text), none of them empty."""
        self._held += text
        said: Said = []
        while self._held and self._step(said):
            pass
        return said

    def finish(self) -> Said:
        """The rest: what waited for more. A reasoning that was never closed stays one."""
        rest, self._held = self._held, ""
        if self._closing:
            rest = rest.rstrip()
            return [("reasoning", rest if self._has_begun else rest.lstrip())] if rest.strip() else []
        if not self.is_settled and self._has_reasoning:
            rest = rest.lstrip(NEWLINES)
        return [("text", rest)] if rest else []

    def _step(self, said: Said) -> bool:
        """Take some of what is held; False when more must come first."""
        if self.is_settled:
            said.append(("text", self._held))
            self._held = ""
            return False
        return self._think(said) if self._closing else self._begin()

    def _begin(self) -> bool:
        """Before the answer: a tag, the answer itself, or not certain yet."""
        start = self._held.lstrip()
        lead, tag = _leading_tag(start)
        if tag in PAIRS:
            self._closing, self._has_begun, self._has_reasoning = PAIRS[tag], False, True
            self._held = start[len(lead + tag) :]
        elif tag:
            self.is_settled, self._held = True, start[len(lead + tag) :]
        elif not _could_be_tag(start):
            self.is_settled = True
            self._held = self._held.lstrip(NEWLINES) if self._has_reasoning else self._held
        else:
            return False
        return True

    def _think(self, said: Said) -> bool:
        """Inside the reasoning: all but what may be the closing tag, or white space before it."""
        if not self._has_begun:
            self._held = self._held.lstrip()
        thought, tag, rest = self._held.partition(self._closing)
        if tag:
            self._closing, self._held = "", rest
        else:
            thought, self._held = _certain(self._held, self._closing)
        thought = thought.rstrip() if tag else thought
        if thought:
            self._has_begun = True
            said.append(("reasoning", thought))
        return bool(tag)


def _leading_tag(text: str) -> tuple[str, str]:
    """The tag that the text begins with, after what may stand before it; empty where there is none."""
    both = ((lead, tag) for lead in ("", AGAIN) for tag in (*PAIRS, *ANSWERS))
    return next(((lead, tag) for lead, tag in both if text.startswith(lead + tag)), ("", ""))


def _could_be_tag(text: str) -> bool:
    return any((lead + tag).startswith(text) for lead in ("", AGAIN) for tag in (*PAIRS, *ANSWERS))


def _certain(text: str, closing: str) -> tuple[str, str]:
    """(what cannot belong to the closing tag or to white space before it, the rest)."""
    lengths = range(min(len(text), len(closing) - 1), 0, -1)
    overlap = next((length for length in lengths if closing.startswith(text[-length:])), 0)
    cut = len(text[: len(text) - overlap].rstrip())
    return text[:cut], text[cut:]
