"""llama.cpp through the low-level calls of llama-cpp-python; loading, facts and tokens.

Runs in a model's child process only. One object holds one model with one context and one sequence.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import llama_cpp as lib

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.llama.build import has_gpu_offload, hear, last_complaint
from teahouse.engine.llama.context import LlamaContext
from teahouse.errors import EngineError, ModelFileError
from teahouse.language import _

PIECE_BYTES = 64


class LlamaModel:
    """A loaded model with its context.

    Args:
        path: The GGUF file, its header already checked by our own parser.
        on_progress: Called with 0 … 1 while loading; returning False ends the load.

    Raises:
        ModelFileError: llama.cpp cannot load the file.
        EngineError: The context cannot be made, mostly for lack of memory.
    """

    def __init__(self, path: str, config: EngineConfig, *, on_progress: Callable[[float], bool]) -> None:
        self._context: Any = None
        self._model: Any = None
        self.should_stop: Callable[[], bool] = lambda: False
        """Asked before every step of a computation on the CPU, some hundred times a batch."""
        self._abort_callback = lib.ggml_abort_callback(lambda _data: self.should_stop())
        self._log_callback = lib.llama_log_callback(hear)
        lib.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        lib.llama_backend_init()
        self._model = self._load(path, config, on_progress)
        self._vocab = lib.llama_model_get_vocab(self._model)
        self._context = self._make_context(path, config)
        self.computing = LlamaContext(
            self._context, batch_size=self._batch_size, vocabulary=lib.llama_vocab_n_tokens(self._vocab)
        )

    # --- loading ------------------------------------------------------------------------------------

    def _load(self, path: str, config: EngineConfig, on_progress: Callable[[float], bool]) -> Any:
        values = lib.llama_model_default_params()
        values.n_gpu_layers = (
            (999 if config.gpu_layers < 0 else config.gpu_layers) if has_gpu_offload() else 0
        )
        values.use_extra_bufts = config.use_extra_buffers
        was_ended = []

        def report(fraction: float, _data: Any) -> bool:
            goes_on = on_progress(fraction)
            if not goes_on:
                was_ended.append(True)
            return goes_on

        self._progress_callback = lib.llama_progress_callback(report)
        values.progress_callback = self._progress_callback
        model = lib.llama_model_load_from_file(path.encode("utf-8", "surrogateescape"), values)
        if not model and was_ended:
            raise EngineError(_("Loading was stopped."))
        if not model:
            raise ModelFileError(
                _("{path} cannot be loaded: {reason}.").format(path=path, reason=last_complaint()),
                _("The file may be damaged or of a kind this version does not know."),
                path=path,
            )
        return model

    def _make_context(self, path: str, config: EngineConfig) -> Any:
        values = lib.llama_context_default_params()
        trained = lib.llama_model_n_ctx_train(self._model)
        values.n_ctx = min(config.context, trained) if trained > 0 else config.context
        values.n_batch = values.n_ubatch = min(config.batch, values.n_ctx)
        values.n_threads = values.n_threads_batch = config.threads
        values.abort_callback = self._abort_callback
        context = lib.llama_init_from_model(self._model, values)
        if not context:
            self.close()
            raise EngineError(
                _("There is not enough memory for a context of {tokens} tokens: {reason}.").format(
                    tokens=values.n_ctx, reason=last_complaint()
                ),
                _("Choose a smaller engine.context in settings.toml."),
                path=path,
            )
        self._batch_size = int(values.n_batch)
        return context

    def close(self) -> None:
        """Free the context and the model; the object must not be used afterwards."""
        if self._context:
            lib.llama_free(self._context)
        if self._model:
            lib.llama_model_free(self._model)
        self._context = self._model = None

    # --- facts --------------------------------------------------------------------------------------

    @property
    def context_length(self) -> int:
        """Tokens that fit into the context."""
        return self.computing.length

    def facts(self) -> dict[str, Any]:
        """What `load` tells the app of the model."""
        return {
            "context": self.context_length,
            "trained_context": int(lib.llama_model_n_ctx_train(self._model)),
            "parameters": int(lib.llama_model_n_params(self._model)),
            "description": _text(lib.llama_model_desc, self._model),
            "vocabulary": int(lib.llama_vocab_n_tokens(self._vocab)),
            "has_template": bool(self.metadata("tokenizer.chat_template")),
            "system": lib.llama_print_system_info().decode("utf-8", "replace").strip(),
        }

    def metadata(self, key: str) -> str:
        """A value of the GGUF as text; empty where there is none."""
        return _text(lib.llama_model_meta_val_str, self._model, key.encode())

    # --- tokens -------------------------------------------------------------------------------------

    def tokenize(self, text: str, *, has_control: bool = False) -> list[int]:
        """Ids of `text`; control tokens are recognised only with `has_control`."""
        data = text.encode("utf-8", "replace")
        size = len(data) + 16
        while True:
            ids = (lib.llama_token * size)()
            count = lib.llama_tokenize(self._vocab, data, len(data), ids, size, False, has_control)
            if count >= 0:
                return list(ids[:count])
            size = -count

    def piece(self, token: int, *, has_control: bool = False) -> bytes:
        """The bytes a token stands for; none for a control token unless `has_control`."""
        size = PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(size)
            count = lib.llama_token_to_piece(self._vocab, token, buffer, size, 0, has_control)
            if count >= 0:
                return buffer.raw[:count]
            size = -count

    def control_tokens(self) -> dict[str, int]:
        """Text of every control token → its id."""
        ids = range(lib.llama_vocab_n_tokens(self._vocab))
        found = (
            (i, self.piece(i, has_control=True)) for i in ids if lib.llama_vocab_is_control(self._vocab, i)
        )
        return {piece.decode("utf-8", "replace"): i for i, piece in found if piece}

    def is_end(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(lib.llama_vocab_is_eog(self._vocab, token))

    @property
    def bos(self) -> int | None:
        """The token that must begin every text; None where the model wants none."""
        return int(lib.llama_vocab_bos(self._vocab)) if lib.llama_vocab_get_add_bos(self._vocab) else None

    def special_text(self, name: str) -> str:
        """Text of the `bos` or `eos` token; empty where the vocabulary has none."""
        token = {"bos": lib.llama_vocab_bos, "eos": lib.llama_vocab_eos}[name](self._vocab)
        return self.piece(token, has_control=True).decode("utf-8", "replace") if token >= 0 else ""


def _text(function: Callable[..., int], *arguments: Any) -> str:
    size = 256
    while True:
        buffer = ctypes.create_string_buffer(size)
        count = function(*arguments, buffer, size)
        if count < size:
            return buffer.value.decode("utf-8", "replace") if count >= 0 else ""
        size = count + 1
