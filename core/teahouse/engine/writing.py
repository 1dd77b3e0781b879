"""One reply on its way, inside the model's child process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse.engine.adapted import AdaptedStates
from teahouse.engine.reasoning import ReasoningStream
from teahouse.engine.sampling import Sampling
from teahouse.engine.text import TextStream
from teahouse.engine.wishes import Wishes
from teahouse.errors import ContextError, ModelFileError
from teahouse.language import _
from teahouse.workers.child import Call
from teahouse.workers.wire import error_to_wire, pack_ids

if TYPE_CHECKING:
    from teahouse.engine.llama.explainer import Explainer
    from teahouse.engine.llama.model import LlamaModel
    from teahouse.engine.llama.sampler import Sampler

ASK_S = 0.05
"""How often a stop is looked for while a person chooses."""
STEP_TOP = 20
"""Likeliest tokens told where a person chooses and nobody has said how many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written after which prompt.

    Attributes:
        begun: How many ids at the prompt's end are the reply's own: it goes on after them.
        forced: Ids that the reply begins with, taken as they are.
        stop: Texts that end the reply and are not part of it.
        reasoning: The tag that ends the reasoning which the prompt has opened; empty for none.
        label: Whose prompt it is.
        is_reproducible: Read everything anew.
        step: Likeliest tokens told for each token; 0 tells none.
        is_stepped: Wait before each token for what the person chooses.
    """

    prompt: Sequence[int]
    sampling: Sampling
    max_tokens: int
    begun: int = 0
    forced: Sequence[int] = ()
    stop: Sequence[str] = ()
    reasoning: str = ""
    label: str = ""
    is_reproducible: bool = False
    step: int = 0
    is_stepped: bool = False


class Writing:
    """Reads a prompt and writes the reply, telling of both as events of the call."""

    def __init__(self, call: Call, model: LlamaModel, adapted: AdaptedStates, order: Order) -> None:
        self._call, self._model, self._adapted, self._order = call, model, adapted, order
        self._wishes = Wishes(call)
        self._computing = model.computing
        self._stream = TextStream(order.stop)
        self._reasoning = ReasoningStream(order.reasoning)
        self._tags = model.reasoning_tags()
        self._ids: list[int] = []
        self._said = 0
        self._finish = "length"
        self._cached = 0
        self._waited_s = 0.0
        self._begun = self._read_at = self._first_at = self._now()
        self._reasoned_at = 0.0
        self._is_stepped = order.is_stepped

    def run(self) -> None:
        """Do it; a stop leaves what has been written."""
        from teahouse.engine.llama.context import Aborted

        self._model.should_stop = lambda: self._call.is_cancelled
        try:
            self._read_prompt()
            self._write()
        except Aborted:
            self._finish = "stopped"
        finally:
            self._model.should_stop = lambda: False
        self._say(self._stream.finish(), is_last=True)

    def result(self) -> dict[str, Any]:
        """What `generate` returns."""
        ended = self._now()
        read, written = len(self._order.prompt) - self._cached, len(self._ids)
        return {
            "finish_reason": self._finish,
            "ids": pack_ids(self._ids),
            "usage": {
                "prompt_tokens": len(self._order.prompt),
                "cached_tokens": self._cached,
                "completion_tokens": written,
            },
            "timings": {
                "first_token_s": self._first_at - self._begun,
                "prompt_tps": _rate(read, self._read_at - self._begun),
                # the first token comes out of the prompt's last batch, so one fewer is timed
                "decode_tps": _rate(written - 1, ended - self._first_at),
                "reasoning_s": max(0.0, self._reasoned_at - self._first_at),
            },
        }

    def _now(self) -> float:
        """The time, without a person's choosing and what it made read again: a speed is the model's own."""
        return time.monotonic() - self._waited_s

    # --- reading ------------------------------------------------------------------------------------

    def _read_prompt(self) -> None:
        self._cached = self._prepare(self._order.prompt, label=self._order.label)
        self._read(self._order.prompt, self._cached)
        self._read_at = self._now()

    def _prepare(self, ids: Sequence[int], *, label: str) -> int:
        return self._adapted.states.prepare([] if self._order.is_reproducible else ids, label=label)

    def _read(self, ids: Sequence[int], cached: int, **told: int) -> None:
        self._call.emit("prompt", done=cached, total=len(ids), cached=cached, **told)
        for done in self._computing.read(ids[cached:]):
            self._call.emit("prompt", done=cached + done, total=len(ids), cached=cached, **told)

    def _change_adapters(self) -> None:
        """Go on with others, where they are wanted; what cannot be used leaves everything as it is."""
        wanted, place = self._wishes.adapters(), len(self._ids)
        if wanted is None:
            return
        told = {"place": place, "told": wanted["told"]}
        try:
            has_changed = self._adapted.set(wanted["adapters"])
        except ModelFileError as error:
            self._call.emit("adapters", **told, refused=error_to_wire(error))
            return
        if has_changed:
            self._read_again()
        self._call.emit("adapters", **told)

    def _read_again(self) -> None:
        """Read the prompt and what is written with the adapters that are set now."""
        begun, ids = time.monotonic(), [*self._order.prompt, *self._ids]
        # the prompt's label names the adapters that it began with: no state of others is kept under it
        self._read(ids, self._prepare(ids, label=""), place=len(self._ids))
        if self._ids:
            self._waited_s += time.monotonic() - begun

    # --- writing ------------------------------------------------------------------------------------

    def _go_on(self, sampler: Sampler) -> None:
        """Take in what the reply has said before, whole characters, without saying it again."""
        said = TextStream()
        for token in self._order.prompt[len(self._order.prompt) - self._order.begun :]:
            sampler.accept(token)
            tag = None if self._reasoning.is_settled else self._tags.get(token)
            self._reasoning.feed(said.feed(tag or self._model.piece(token)))
            self._wake(sampler)

    def _wake(self, sampler: Sampler) -> None:
        """A reasoning is free; the grammar is for what is said after it."""
        if not self._reasoning.is_thinking:
            sampler.wake()

    def _write(self) -> None:
        from teahouse.engine.llama.explainer import Explainer

        order = self._order
        sampler = self._computing.sampler(order.sampling)
        step = order.step or (STEP_TOP if order.is_stepped else 0)
        explainer = Explainer(sampler, top_n=step) if step else None
        try:
            if self._reasoning.is_thinking:
                sampler.sleep()
            sampler.see(order.prompt[: len(order.prompt) - order.begun])
            self._go_on(sampler)
            self._write_all(sampler, explainer)
        finally:
            sampler.close()

    def _write_all(self, sampler: Sampler, explainer: Explainer | None) -> None:
        while len(self._ids) < self._order.max_tokens:
            self._change_adapters()
            token = self._next(sampler, explainer)
            if token is None or not self._take(token):
                return
            self._wake(sampler)
            if len(self._ids) < self._order.max_tokens:
                self._computing.add(token)

    def _next(self, sampler: Sampler, explainer: Explainer | None) -> int | None:
        """The next token, accepted; None when the person stops the reply instead of choosing one."""
        place, forced = len(self._ids), self._order.forced
        if explainer is None:
            if place >= len(forced):
                return sampler.sample()
            sampler.draw()
            sampler.accept(forced[place])
            return forced[place]
        stages = explainer.explain(sampler.row())
        token: int | None = forced[place] if place < len(forced) else sampler.draw()
        is_picked = False
        if place >= len(forced) and self._is_stepped:
            token, is_picked = self._ask(sampler, stages)
            if token is None:
                self._finish = "stopped"
                return None
        assert token is not None
        sampler.accept(token)
        explainer.accept(token)
        text = self._model.piece(token, has_control=True).decode("utf-8", "replace")
        told = {"place": place, "token": token, "text": text, "is_picked": is_picked}
        self._call.emit("step", **told, stages=stages)
        return token

    def _ask(self, sampler: Sampler, stages: list[dict[str, Any]]) -> tuple[int | None, bool]:
        """The token that the person wants, and whether they picked it; None when they stop the reply."""
        told = {"place": len(self._ids), "token": None, "drawn": sampler.draw()}
        self._call.emit("step", **told, stages=stages)
        while not self._call.is_cancelled:
            asked_at = time.monotonic()
            choice = self._wishes.choice(ASK_S)
            self._waited_s += time.monotonic() - asked_at
            if choice is None:
                continue
            if "pick" not in choice:
                self._is_stepped = not choice.get("run", False)
                return sampler.draw(), False
            if self._model.is_token(choice["pick"]) and sampler.allows(choice["pick"]):
                return choice["pick"], True
            self._call.emit("step", **told, stages=stages, refused=choice["pick"])
        return None, False

    def _take(self, token: int) -> bool:
        """Take in one token; False when the reply ends with it."""
        if not self._ids:
            self._first_at = self._now()
        self._ids.append(token)
        if self._model.is_end(token):
            self._finish = "stop"
            return False
        tag = None if self._reasoning.is_settled else self._tags.get(token)
        self._say(self._stream.feed(tag or self._model.piece(token)))
        if self._stream.is_stopped:
            self._finish = "stop"
            return False
        if self._call.is_cancelled:
            self._finish = "stopped"
            return False
        return True

    def _say(self, text: str, *, is_last: bool = False) -> None:
        pieces = self._reasoning.feed(text) if text else []
        if is_last:
            pieces = [*pieces, *self._reasoning.finish()]
        for kind, piece in pieces:
            if kind == "reasoning":
                self._reasoned_at = self._now()
            self._call.emit("text", kind=kind, text=piece, ids=self._ids[self._said :])
            self._said = len(self._ids)


def check_fit(prompt_tokens: int, context: int) -> None:
    """Refuse a prompt that leaves no room for a reply.

    Raises:
        ContextError: With both numbers.
    """
    if prompt_tokens == 0:
        raise ContextError(_("There is nothing to send."))
    if prompt_tokens >= context:
        raise ContextError(
            _("The conversation takes {tokens} tokens, the model's context holds {context}.").format(
                tokens=prompt_tokens, context=context
            ),
            _("Nothing was cut. Start a new conversation, or raise engine.context in settings.toml."),
            prompt_tokens=prompt_tokens,
            context=context,
        )


def _rate(count: int, seconds: float) -> float:
    return count / seconds if count > 0 and seconds > 0 else 0.0
