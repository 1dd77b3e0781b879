"""The engine's child process: the verbs that a llama.cpp model answers."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from teahouse.engine import cache, statefile
from teahouse.engine.adapted import AdaptedStates, Choices
from teahouse.engine.cache import StateCache
from teahouse.engine.configuration import EngineConfig
from teahouse.engine.devices import facts
from teahouse.engine.judging import Judge, check_tokens
from teahouse.engine.learned import Lesson
from teahouse.engine.processor import lower_priority
from teahouse.engine.prompt import PromptMaker
from teahouse.engine.sampling import Sampling
from teahouse.engine.teaching import Teaching
from teahouse.engine.writing import Order, Writing, check_fit
from teahouse.errors import EngineError, ModelFileError
from teahouse.language import _
from teahouse.workers.child import Call, Server
from teahouse.workers.wire import pack_ids, unpack_ids

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel

PROGRESS_EACH_S = 0.05
VERBS = (
    *("load", "unload", "tokenize", "count", "pieces", "render", "generate", "score", "explain", "embed"),
    *("rank", "save_state", "restore_state", "set_adapters"),
)

__all__ = ["LlamaEngine", "check_fit", "serve"]


def serve(server: Server) -> None:
    """Register the verbs of design.md, "Engine verbs"."""
    lower_priority()
    engine = LlamaEngine()
    server.verb("facts", facts)
    for name in VERBS:
        server.verb(name, getattr(engine, name))
    teaching = Teaching(engine)
    server.verb("examples", teaching.examples)
    server.verb("plain_examples", teaching.plain_examples)


class LlamaEngine:
    """One loaded model and its verbs."""

    def __init__(self) -> None:
        self._model: LlamaModel | None = None
        self._cache: StateCache | None = None
        self._prompts: PromptMaker | None = None
        self._judge: Judge | None = None
        self._adapters: AdaptedStates | None = None

    def load(
        self,
        call: Call,
        *,
        path: str,
        config: dict[str, Any],
        template: str = "",
        is_vocabulary: bool = False,
    ) -> dict[str, Any]:
        """Load a GGUF; emits `progress` with a fraction; returns the model's facts.

        Args:
            template: Name of a built-in chat format to use; empty takes the file's own.
            is_vocabulary: Without weights: texts and messages can be turned into tokens, and no more.
        """
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

        values = EngineConfig(**config)
        self._model = LlamaModel(path, values, on_progress=report, is_vocabulary=is_vocabulary)
        if not self._model.has_vocabulary:
            self.unload(call)
            raise ModelFileError(
                _("{path} holds no vocabulary, so nothing can be written with it.").format(path=path),
                _("Choose a whole model."),
                path=path,
            )
        if not is_vocabulary:
            limit_bytes = cache.limit_bytes() if values.states_bytes < 0 else values.states_bytes
            self._cache = StateCache(self._model.computing, limit_bytes=limit_bytes)
            self._adapters = AdaptedStates(self._model, self._cache)
        self._prompts = PromptMaker(self._model, template)
        told = {**self._model.facts(), **self._prompts.facts()}
        return {**told, "load_s": time.monotonic() - begun}

    def unload(self, call: Call) -> None:
        """Free the model."""
        if self._model is not None:
            self._model.close()
        self._model = self._cache = self._prompts = self._judge = self._adapters = None

    # --- tokens -------------------------------------------------------------------------------------

    def tokenize(self, call: Call, *, text: str) -> dict[str, Any]:
        """Ids of a text in which no control token is recognised."""
        return {"ids": pack_ids(self._loaded.tokenize(text))}

    def count(self, call: Call, *, texts: list[str]) -> dict[str, Any]:
        """Tokens of each text."""
        return {"counts": [len(self._loaded.tokenize(text)) for text in texts]}

    def pieces(self, call: Call, *, ids: str) -> dict[str, Any]:
        """The bytes of each token, control tokens by their text, as base64; and which are control tokens."""
        model = self._loaded
        wanted, control = unpack_ids(ids), set(model.control_tokens().values())
        pieces = [model.piece(token, has_control=True) for token in wanted]
        return {
            "pieces": [base64.b64encode(piece).decode("ascii") for piece in pieces],
            "control": [place for place, token in enumerate(wanted) if token in control],
        }

    def render(
        self,
        call: Call,
        *,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]],
        has_reasoning: bool | None,
    ) -> dict[str, Any]:
        """Messages through the chat template: the text sent, its ids, and what was repaired."""
        return self._templates.render(messages, tools=tools, has_reasoning=has_reasoning)

    def lessons(self, messages: list[dict[str, Any]], has_reasoning: bool | None) -> list[Lesson]:
        """Examples to learn from, of one conversation; for `teaching.Teaching`."""
        return self._templates.lessons(messages, has_reasoning)

    def plain_lessons(self, text: str, length: int) -> list[Lesson]:
        """Examples to learn from, of a text."""
        return self._templates.plain_lessons(text, length)

    # --- computing ----------------------------------------------------------------------------------

    def generate(
        self,
        call: Call,
        *,
        ids: str,
        sampling: dict[str, Any],
        max_tokens: int,
        stop: list[str],
        begun: int = 0,
        forced_ids: str = "",
        reasoning: str = "",
        label: str = "",
        is_reproducible: bool = False,
        is_aside: bool = False,
        step: int = 0,
        is_stepped: bool = False,
        adapters: Choices | None = None,
    ) -> dict[str, Any]:
        """Read a prompt and write the reply; with `is_aside` the context is afterwards as it was before.

        Emits `prompt` (done, total, cached) while reading and `text` (kind, text, ids since the last)
        while writing. Only what no state in memory holds yet is read.

        With `step` it also emits `step` for each token: `place` among those written now, `token`, its
        `text`, `is_picked` by a person, and `stages` as in `llama.explainer`, with so many likeliest
        tokens. With `is_stepped` there is another `step` before it, with `token` None and the id `drawn`,
        and the model then waits to be told `{"pick": id}`, `{"sample": true}` (take what was drawn) or
        `{"run": true}` (the same, and wait no more); a pick that the grammar forbids brings the event again
        with `refused`.

        Told `{"adapters": [[path, scale], …], "told": …}`, it reads everything again with these before the
        next token (`prompt` with `place`) and emits `adapters` with `place`, the first token that they hold
        for, and `told`; where they cannot be used, with `refused`, and the former ones stay.

        Args:
            adapters: (path, scale) each, for this reply; None for those of `set_adapters`.
        """
        prompt, model = unpack_ids(ids), self._loaded
        check_fit(len(prompt), model.context_length)
        forced, values = unpack_ids(forced_ids), Sampling.from_json(sampling)
        check_tokens(model, [*prompt, *forced, *(token for token, _bias in values.logit_bias)])
        order = Order(
            prompt,
            values,
            min(max_tokens, model.context_length - len(prompt)),
            begun=begun,
            forced=forced,
            stop=[*stop, *self._templates.stop],
            reasoning=reasoning,
            label=label,
            is_reproducible=is_reproducible,
            step=step,
            is_stepped=is_stepped,
        )
        writing = Writing(call, model, self._adapted, order)
        with self._adapted.aside(adapters) if is_aside else self._adapted.use(adapters):
            writing.run()
        return writing.result()

    def score(
        self, call: Call, *, ids: str, start: int = 1, top_n: int = 0, adapters: Choices | None = None
    ) -> dict[str, Any]:
        """How likely the model finds a text, token by token; see `judging.Judge.score`."""
        with self._adapted.aside(adapters):
            return self._judged.score(call, unpack_ids(ids), start=start, top_n=top_n)

    def explain(
        self,
        call: Call,
        *,
        ids: str,
        positions: list[int],
        sampling: dict[str, Any],
        top_n: int,
        begins: int = 0,
        adapters: Choices | None = None,
    ) -> dict[str, Any]:
        """What each stage of the chain does at some positions; see `judging.Judge.explain`."""
        values = Sampling.from_json(sampling)
        with self._adapted.aside(adapters):
            return self._judged.explain(
                call, unpack_ids(ids), positions, sampling=values, top_n=top_n, begins=begins
            )

    def embed(
        self, call: Call, *, texts: list[str], pooling: Literal["mean", "none"] = "mean"
    ) -> dict[str, Any]:
        """Vectors of texts: `vectors` holds for each text float16 as base64, `shapes` (count, width)."""
        embedding = self._loaded.embedding(pooling)
        made = []
        for text in texts:
            if call.is_cancelled:
                raise EngineError(_("Stopped."))
            vectors = embedding.embed(self._loaded.with_ends(self._loaded.tokenize(text)))
            made.append((base64.b64encode(vectors.astype("<f2").tobytes()).decode("ascii"), vectors.shape))
        return {"vectors": [data for data, _shape in made], "shapes": [list(shape) for _data, shape in made]}

    def rank(self, call: Call, *, query: str, texts: list[str]) -> dict[str, Any]:
        """How well each text answers a question, by a reranker's head: `scores`, higher is better."""
        from teahouse.engine.llama.ranking import score

        scores = []
        for text in texts:
            if call.is_cancelled:
                raise EngineError(_("Stopped."))
            scores.append(score(self._loaded, query, text))
        return {"scores": scores}

    # --- states and adapters ------------------------------------------------------------------------

    def save_state(self, call: Call, *, label: str, path: str, key: str, limit_bytes: int) -> dict[str, Any]:
        """Write what was read for `label` to a file; `bytes` 0 when there is nothing worth keeping."""
        state = self._states.state_of(label)
        if state is None or len(state.data) > limit_bytes:
            return {"bytes": 0, "tokens": 0}
        return {"bytes": statefile.write(Path(path), state, key=key), "tokens": len(state.ids)}

    def restore_state(
        self, call: Call, *, label: str, path: str, key: str, adapters: Choices | None = None
    ) -> dict[str, Any]:
        """Take up what `save_state` wrote; `tokens` 0 when the file does not fit this model or is damaged.

        Args:
            adapters: With which it was computed.
        """
        state = statefile.read(Path(path), key=key)
        if state is None:
            return {"tokens": 0}
        with self._adapted.use(adapters):
            state.label, state.key = label, self._states.key
            self._states.add(state)
        return {"tokens": len(state.ids)}

    def set_adapters(self, call: Call, *, adapters: Choices) -> dict[str, Any]:
        """Use exactly these where no others are named; what was read with others is not used for them."""
        return {"changed": self._adapted.keep(adapters)}

    @property
    def _loaded(self) -> LlamaModel:
        if self._model is None:
            raise EngineError(_("No model is loaded."))
        return self._model

    @property
    def _templates(self) -> PromptMaker:
        assert self._loaded
        assert self._prompts is not None
        return self._prompts

    @property
    def _judged(self) -> Judge:
        if self._judge is None:
            self._judge = Judge(self._loaded, self._states)
        return self._judge

    @property
    def _adapted(self) -> AdaptedStates:
        assert self._states is not None
        assert self._adapters is not None
        return self._adapters

    @property
    def _states(self) -> StateCache:
        assert self._loaded.computing
        assert self._cache is not None
        return self._cache
