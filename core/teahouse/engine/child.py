"""The engine's child process: the verbs that a llama.cpp model answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.roles import repairs
from teahouse.engine.sampling import Sampling
from teahouse.engine.template import ChatTemplate, tokenize_chat
from teahouse.engine.text import TextStream
from teahouse.errors import ContextError, EngineError, TemplateError, TemplateRefused
from teahouse.language import _
from teahouse.workers.child import Call, Server
from teahouse.workers.wire import pack_ids, unpack_ids

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel

PROGRESS_EACH_S = 0.05


def serve(server: Server) -> None:
    """Register the verbs of design.md, "Engine verbs"."""
    engine = LlamaEngine()
    for name in ("load", "unload", "tokenize", "count", "render", "generate"):
        server.verb(name, getattr(engine, name))


class LlamaEngine:
    """One loaded model and its verbs."""

    def __init__(self) -> None:
        self._model: LlamaModel | None = None
        self._template: ChatTemplate | None = None
        self._control: dict[str, int] = {}

    def load(self, call: Call, *, path: str, config: dict[str, Any]) -> dict[str, Any]:
        """Load a GGUF; emits `progress` with a fraction; returns the model's facts."""
        from teahouse.engine.llama.model import LlamaModel

        self.unload(call)
        begun = time.monotonic()
        said = 0.0

        def report(fraction: float) -> bool:
            nonlocal said
            if fraction >= 1.0 or time.monotonic() - said > PROGRESS_EACH_S:
                said = time.monotonic()
                call.emit("progress", fraction=round(fraction, 4))
            return not call.is_cancelled

        self._model = LlamaModel(path, EngineConfig(**config), on_progress=report)
        self._control = self._model.control_tokens()
        return {**self._model.facts(), "load_s": time.monotonic() - begun}

    def unload(self, call: Call) -> None:
        """Free the model."""
        if self._model is not None:
            self._model.close()
        self._model, self._template = None, None

    def tokenize(self, call: Call, *, text: str) -> dict[str, Any]:
        """Ids of a text in which no control token is recognised."""
        return {"ids": pack_ids(self._loaded.tokenize(text))}

    def count(self, call: Call, *, texts: list[str]) -> dict[str, Any]:
        """Tokens of each text."""
        return {"counts": [len(self._loaded.tokenize(text)) for text in texts]}

    def render(
        self,
        call: Call,
        *,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]],
        has_reasoning: bool | None,
    ) -> dict[str, Any]:
        """Messages through the model's own template: the text sent, its ids, and what was repaired."""
        refusals = []
        for repair, candidate in repairs(messages):
            try:
                return {**self._render(candidate), "repair": repair}
            except TemplateRefused as error:
                refusals.append(error)
        raise refusals[0]

    def _render(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        model = self._loaded
        template = self._own_template()
        text, ids = tokenize_chat(template, messages, control=self._control, tokenize=model.tokenize)
        if model.bos is not None and ids[:1] != [model.bos]:
            ids.insert(0, model.bos)
        return {"text": text, "ids": pack_ids(ids)}

    def generate(
        self,
        call: Call,
        *,
        ids: str,
        sampling: dict[str, Any],
        max_tokens: int,
        stop: list[str],
        reasoning: str,
        is_reproducible: bool,
    ) -> dict[str, Any]:
        """Read a prompt and write the reply.

        Emits `prompt` (done, total, cached) while reading and `text` (text, ids since the last) while
        writing. Only what the context does not hold yet is read.
        """
        prompt = unpack_ids(ids)
        model = self._loaded
        check_fit(len(prompt), model.context_length)
        writing = _Writing(call, model, prompt, stop)
        model.should_stop = lambda: call.is_cancelled
        try:
            writing.run(Sampling(**sampling), min(max_tokens, model.context_length - len(prompt)))
        finally:
            model.should_stop = lambda: False
        return writing.result()

    @property
    def _loaded(self) -> LlamaModel:
        if self._model is None:
            raise EngineError(_("No model is loaded."))
        return self._model

    def _own_template(self) -> ChatTemplate:
        if self._template is None:
            source = self._loaded.metadata("tokenizer.chat_template")
            if not source:
                raise TemplateError(
                    _("This model's file carries no chat template."),
                    _("It continues texts and was not made for chatting; choose an instruct or chat model."),
                )
            self._template = ChatTemplate(
                source, bos=self._loaded.special_text("bos"), eos=self._loaded.special_text("eos")
            )
        return self._template


class _Writing:
    """One reply on its way."""

    def __init__(self, call: Call, model: LlamaModel, prompt: list[int], stop: list[str]) -> None:
        self._call = call
        self._model = model
        self._prompt = prompt
        self._stream = TextStream(stop)
        self._ids: list[int] = []
        self._said = 0
        self._finish = "length"
        self._begun = self._read_at = self._first_at = time.monotonic()
        self._cached = 0

    def run(self, sampling: Sampling, max_tokens: int) -> None:
        from teahouse.engine.llama.context import Aborted

        try:
            self._read_prompt()
            self._write(sampling, max_tokens)
        except Aborted:
            self._finish = "stopped"
        self._say(self._stream.finish())

    def _read_prompt(self) -> None:
        self._cached = self._model.computing.keep_prefix(self._prompt)
        self._tell_read(0)
        for done in self._model.computing.read(self._prompt[self._cached :]):
            self._tell_read(done)
        self._read_at = time.monotonic()

    def _write(self, sampling: Sampling, max_tokens: int) -> None:
        sampler = self._model.computing.sampler(sampling)
        try:
            sampler.accept(self._prompt[-sampling.repeat_window :] if sampling.repeat_window else [])
            while len(self._ids) < max_tokens and self._write_one(sampler.sample()):
                if len(self._ids) < max_tokens:
                    self._model.computing.add(self._ids[-1])
        finally:
            sampler.close()

    def result(self) -> dict[str, Any]:
        ended = time.monotonic()
        read, written = len(self._prompt) - self._cached, len(self._ids)
        return {
            "finish_reason": self._finish,
            "ids": pack_ids(self._ids),
            "usage": {
                "prompt_tokens": len(self._prompt),
                "cached_tokens": self._cached,
                "completion_tokens": written,
            },
            "timings": {
                "first_token_s": self._first_at - self._begun,
                "prompt_tps": _rate(read, self._read_at - self._begun),
                # the first token comes out of the prompt's last batch, so one fewer is timed
                "decode_tps": _rate(written - 1, ended - self._first_at),
            },
        }

    def _write_one(self, token: int) -> bool:
        """Take in one sampled token; False when the reply ends with it."""
        if not self._ids:
            self._first_at = time.monotonic()
        self._ids.append(token)
        if self._model.is_end(token):
            self._finish = "stop"
            return False
        self._say(self._stream.feed(self._model.piece(token)))
        if self._stream.is_stopped:
            self._finish = "stop"
            return False
        if self._call.is_cancelled:
            self._finish = "stopped"
            return False
        return True

    def _say(self, text: str) -> None:
        if text:
            self._call.emit("text", text=text, ids=self._ids[self._said :])
            self._said = len(self._ids)

    def _tell_read(self, done: int) -> None:
        self._call.emit("prompt", done=self._cached + done, total=len(self._prompt), cached=self._cached)


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
