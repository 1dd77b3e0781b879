"""Conversations as what a model can learn from: ids as the chat sends them, and which of them it writes.

Where a reply stands is found by the model's own template and nothing else: what is rendered up to a reply,
with the assistant's beginning open, is read; what the same template adds when the reply is there is
learned, up to the token that ends the turn. Where a template writes an earlier reply otherwise than the
last one (its reasoning taken out), each reply is an example of its own, with the turns before it as the
chat would send them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from teahouse.engine.mask import Finder, marked
from teahouse.engine.reasoning import PAIRS, ReasoningStream, opened_by
from teahouse.engine.roles import repairs
from teahouse.engine.splice import Splicer, with_bos
from teahouse.engine.template import ChatTemplate, check_none_left_out, cut, put_mask
from teahouse.errors import TemplateError, TemplateRefused
from teahouse.language import _

Lesson = tuple[list[int], list[int]]
"""(ids, 1 for each that is learned)."""

TEXT_ENDS = ("<|endoftext|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>")
"""Tokens by which families end a text, beside those that end a turn."""


@dataclass(frozen=True, slots=True)
class Words:
    """What of a vocabulary is needed to make ids.

    Attributes:
        control: Text of each control token → its id.
        tokenize: Text → ids, with no control token recognised in it.
        piece: The bytes of a token, none for a control token.
        is_end: Whether a model ends its turn with a token.
        bos: The token that must begin every text; None for none.
        eos: The token that ends a text where the template writes none; None for none.
        strips: As for `template.tokenize_chat`.
        defined: As for `template.tokenize_chat`.
    """

    control: dict[str, int]
    tokenize: Callable[[str], list[int]]
    piece: Callable[[int], bytes]
    is_end: Callable[[int], bool]
    bos: int | None = None
    eos: int | None = None
    strips: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    defined: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Turn:
    """A reply in the rendered text that ends with it; the reply begins at `start`."""

    text: str
    start: int


def lessons(
    template: ChatTemplate,
    messages: Sequence[Mapping[str, Any]],
    words: Words,
    *,
    has_reasoning: bool | None = None,
) -> list[Lesson]:
    """Examples of one conversation: one where that is possible, else one for each reply.

    A reply before the first question is read and not learned, and so is what comes after the last reply.

    Raises:
        TemplateRefused: The template does not take these messages, in no order that keeps them all, or it
            changes the replies, so that nobody can say where they stand.
        TemplateError: There is no reply, or the template failed.
    """
    refusals = []
    for _repair, candidate in repairs([_apart(template, message) for message in messages]):
        try:
            return _Making(template, candidate, words, has_reasoning).lessons()
        except TemplateRefused as error:
            refusals.append(error)
    raise refusals[0]


def plain_lessons(text: str, words: Words, *, length: int) -> list[Lesson]:
    """A text in pieces of at most `length` tokens, to be learned as it is, with an end token after it.

    The last token of a piece begins the next one, which only reads it, so that each is learned once.
    """
    ids = words.tokenize(text)
    if not ids:
        return []
    end = _text_end(words)
    ids = ids if end is None else [*ids, end]
    lead = [] if words.bos is None else [words.bos]
    step = max(1, length - len(lead) - 1)
    pieces = []
    for at in range(0, len(ids), step):
        before, part = [*lead, *ids[at - 1 : at]] if at else lead, ids[at : at + step]
        pieces.append(([*before, *part], [0] * len(before) + [1] * len(part)))
    return pieces


class _Making:
    """One conversation on its way."""

    def __init__(
        self,
        template: ChatTemplate,
        messages: Sequence[dict[str, Any]],
        words: Words,
        has_reasoning: bool | None,
    ) -> None:
        self._template, self._words, self._has_reasoning = template, words, has_reasoning
        self._replies = _replies(messages)
        self._messages = list(messages)[: self._replies[-1] + 1]
        self._mask, self._masked = put_mask(
            template, self._messages, control=words.control, defined=words.defined
        )

    def lessons(self) -> list[Lesson]:
        """One example, or one for each reply."""
        try:
            turns = self._turns()
        except TemplateError as error:  # what it says of the messages is said of masked ones
            raise type(error)(self._mask.take_off(error.text), self._mask.take_off(error.hint)) from error
        whole = turns[-1].text
        if all(whole.startswith(turn.text) for turn in turns):
            return [self._lesson(turns)]
        return [self._lesson([turn]) for turn in turns]

    # --- where the replies stand --------------------------------------------------------------------

    def _turns(self) -> list[_Turn]:
        marks = marked(self._masked, self._mask.marks, wanted=range(len(self._masked)))
        try:
            text = self._render(marks.messages, is_open=False)
        except TemplateError:  # it looks at the texts themselves
            text = "".join(marks.owners)
        check_none_left_out(marks, text)
        return [self._turn(index) for index in self._replies]

    def _turn(self, index: int) -> _Turn:
        """Where a reply stands when it is the last message.

        Raises:
            TemplateRefused: It cannot be known.
        """
        before = self._render(self._masked[:index], is_open=True)
        after = self._render(self._masked[: index + 1], is_open=False)
        reply = self._masked[index]
        answer, thought = (str(reply.get(key, "")).strip() for key in ("content", "reasoning_content"))
        at = after.find(answer, _count_common(before, after))
        if at < 0:
            raise _refusal()
        if not after.startswith(before) and before.startswith(after[:at].rstrip()):
            # the prompt opens a reasoning, perhaps an empty one, which the template takes out again
            after = before + _thinking(before, thought) + after[at:]
        if not after.startswith(before) or thought not in after[len(before) :]:
            raise _refusal()
        return _Turn(after, len(before))

    def _render(self, messages: Sequence[Mapping[str, Any]], *, is_open: bool) -> str:
        return self._template.render(messages, is_open=is_open, has_reasoning=self._has_reasoning)

    # --- ids ----------------------------------------------------------------------------------------

    def _lesson(self, turns: Sequence[_Turn]) -> Lesson:
        """Ids of the last turn's text, in which the others stand too."""
        ids: list[int] = []
        owners: list[int] = []
        for at, part in self._parts(turns):
            inside = [number for number, turn in enumerate(turns, 1) if turn.start <= at < len(turn.text)]
            ids += part
            owners += [inside[0] if inside else 0] * len(part)
        learned = [0] * len(ids)
        for number in range(1, len(turns) + 1):
            own = [place for place, owner in enumerate(owners) if owner == number]
            own += [own[-1] + 1] if own[-1] + 1 < len(ids) else []  # some turns end with the next one's first
            ends = [place for place in own if self._words.is_end(ids[place])]
            for place in own:
                learned[place] = int(place <= ends[0] if ends else owners[place] == number)
            if not ends and number == len(turns) and self._words.eos is not None:
                ids, learned = [*ids, self._words.eos], [*learned, 1]
        whole = with_bos(ids, self._words.bos)
        lead = len(whole) - len(ids)
        return whole, [0] * lead + learned[max(0, -lead) :]

    def _parts(self, turns: Sequence[_Turn]) -> list[tuple[int, list[int]]]:
        """(where it begins, its ids) of parts of the text, none of which reaches over a turn's edge."""
        text, words = turns[-1].text, self._words
        edges = {edge for turn in turns for edge in (turn.start, len(turn.text))}
        splicer = Splicer(words.tokenize, piece=words.piece, control=frozenset(words.control.values()))
        parts: list[tuple[int, list[int]]] = []
        for piece, start, strip in cut(text, Finder(words.control), words.strips):
            if strip is None:
                parts.append((start, [words.control[piece]]))
                continue
            inside = {edge - start for edge in edges if start < edge < start + len(piece)}
            cuts = sorted(inside | set(self._mask.cuts(piece)))
            own = self._mask.take_off(piece)
            parts += [(start + at, ids) for at, ids in splicer.apart(own, strip=strip, cuts=cuts)]
        return parts


def _replies(messages: Sequence[Mapping[str, Any]]) -> list[int]:
    """Indices of the replies that are learned.

    Raises:
        TemplateError: There is none.
    """
    asked = next((n for n, message in enumerate(messages) if message.get("role") == "user"), len(messages))
    found = [n for n, m in enumerate(messages) if n > asked and m.get("role") == "assistant" and _text(m)]
    if not found:
        raise TemplateError(
            _("The conversation holds no reply to a question."),
            _("There must be a message of the role “user” and after it one of the role “assistant”."),
        )
    return found


def _text_end(words: Words) -> int | None:
    """The token after a text; a chat model's own `eos` often ends turns."""
    known = [words.control[text] for text in TEXT_ENDS if text in words.control]
    return next((token for token in known if words.is_end(token)), words.eos)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    return content.strip() if isinstance(content, str) else ""


def _apart(template: ChatTemplate, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message; a reply's reasoning apart from its answer where the template knows of reasoning."""
    told = dict(message)
    is_known = "reasoning" in template.source or any(tag in template.source for tag in PAIRS.values())
    if told.get("role") != "assistant" or "reasoning_content" in told or not is_known or not _text(told):
        return told
    stream = ReasoningStream()
    said = [*stream.feed(told["content"]), *stream.finish()]
    thought = "".join(text for kind, text in said if kind == "reasoning")
    answer = "".join(text for kind, text in said if kind == "text")
    return {**told, "content": answer, "reasoning_content": thought} if thought and answer else told


def _count_common(one: str, other: str) -> int:
    """Characters of the longest common beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _thinking(before: str, thought: str) -> str:
    """What goes between a prompt and the answer: the reasoning that the prompt has opened."""
    closing = opened_by(before)
    lines = ("\n", "\n\n") if before.endswith("\n") else ("", "")
    return thought + lines[0] + closing + lines[1] if closing else ""


def _refusal() -> TemplateRefused:
    return TemplateRefused(
        _("The model's chat template changes the replies, so it is not known which tokens are the model's."),
        _("Leave out the reasoning in these replies, or train another model."),
    )
