"""llama.cpp through the low-level calls of llama-cpp-python; loading, facts and tokens.

Runs in a model's child process only. One object holds one model with one context and one sequence.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import llama_cpp as lib

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.defined import DefinedToken, DefinedTokens
from teahouse.engine.llama.adapters import Adapters
from teahouse.engine.llama.build import hear
from teahouse.engine.llama.context import LlamaContext
from teahouse.engine.llama.embedding import Embedding, Pooling
from teahouse.engine.llama.loading import load_model, make_context
from teahouse.engine.llama.vocab import Vocab
from teahouse.engine.reasoning import tag_texts
from teahouse.errors import EngineError
from teahouse.language import _

UNKNOWN, CONTROL, USER_DEFINED, LSTRIP, RSTRIP = 1 << 0, 1 << 3, 1 << 4, 1 << 7, 1 << 8
"""Attributes of tokens: `enum llama_token_attr`."""


class LlamaModel:
    """A loaded model with its context.

    Args:
        path: The GGUF file, its header already checked by our own parser.
        on_progress: Called with 0 … 1 while loading; returning False ends the load.
        is_vocabulary: Without weights and context: only texts can be turned into tokens and back.

    Raises:
        ModelFileError: llama.cpp cannot load the file.
        OutOfMemory: The weights or the context do not fit.
        EngineError: The context cannot be made for another reason.
    """

    def __init__(
        self,
        path: str,
        config: EngineConfig,
        *,
        on_progress: Callable[[float], bool],
        is_vocabulary: bool = False,
    ) -> None:
        self._context: Any = None
        self._model: Any = None
        self._threads = config.threads
        self._control: dict[str, int] | None = None
        self._defined: DefinedTokens | None = None
        self._embeddings: dict[str, Embedding] = {}
        self.adapters: Adapters | None = None
        self.should_stop: Callable[[], bool] = lambda: False
        """Asked before every step of a computation on the CPU, some hundred times a batch."""
        self._abort_callback = lib.ggml_abort_callback(lambda _data: self.should_stop())
        self._log_callback = lib.llama_log_callback(hear)
        lib.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        lib.llama_backend_init()
        self._model = load_model(path, config, on_progress=on_progress, is_vocabulary=is_vocabulary)
        self._vocab = lib.llama_model_get_vocab(self._model)
        self._vocabulary_size = int(lib.llama_vocab_n_tokens(self._vocab))
        self._words = Vocab(self._vocab, context_length=0)
        self._computing: LlamaContext | None = None
        if is_vocabulary:
            return
        try:
            self._context, batch_size = make_context(self._model, config, abort_callback=self._abort_callback)
        except EngineError:
            self.close()
            raise
        self._words = Vocab(self._vocab, context_length=int(lib.llama_n_ctx(self._context)))
        self._computing = LlamaContext(
            self._context, batch_size=batch_size, vocab=self._words, abort_callback=self._abort_callback
        )
        self.adapters = Adapters(self._model, self._context)

    @property
    def computing(self) -> LlamaContext:
        """The context.

        Raises:
            EngineError: Only the vocabulary is loaded.
        """
        if self._computing is None:
            raise EngineError(_("Only the vocabulary of this model is loaded."))
        return self._computing

    def embedding(self, pooling: Pooling) -> Embedding:
        """What gives vectors of texts; its context is made when first asked for."""
        assert self.computing  # there must be weights
        if pooling not in self._embeddings:
            self._embeddings[pooling] = Embedding(
                self._model, pooling, threads=self._threads, abort_callback=self._abort_callback
            )
        return self._embeddings[pooling]

    def close(self) -> None:
        """Free the context and the model; the object must not be used afterwards."""
        for embedding in self._embeddings.values():
            embedding.close()
        self._embeddings.clear()
        if self.adapters is not None:
            self.adapters.close()
            self.adapters = None
        if self._context:
            lib.llama_free(self._context)
        if self._model:
            lib.llama_model_free(self._model)
        self._context = self._model = None

    # --- facts --------------------------------------------------------------------------------------

    @property
    def context_length(self) -> int:
        """Tokens that fit into the context; 0 without one."""
        return self._computing.length if self._computing else 0

    def facts(self) -> dict[str, Any]:
        """What `load` tells the app of the model."""
        return {
            "context": self.context_length,
            "trained_context": int(lib.llama_model_n_ctx_train(self._model)),
            "parameters": int(lib.llama_model_n_params(self._model)),
            "description": _text(lib.llama_model_desc, self._model),
            "vocabulary": self._vocabulary_size,
            "bos": self.bos if self.has_vocabulary else None,  # what it wants before every text
            "build": str(lib.__version__),
            "has_template": bool(self.metadata("tokenizer.chat_template")),
            "system": lib.llama_print_system_info().decode("utf-8", "replace").strip(),
        }

    def metadata(self, key: str) -> str:
        """A value of the GGUF as text; empty where there is none."""
        return _text(lib.llama_model_meta_val_str, self._model, key.encode())

    # --- tokens -------------------------------------------------------------------------------------

    @property
    def has_vocabulary(self) -> bool:
        """Whether the file brings tokens; without them llama.cpp ends the process when asked for one."""
        return bool(lib.llama_vocab_type(self._vocab) != lib.LLAMA_VOCAB_TYPE_NONE)

    def tokenize(self, text: str, *, has_control: bool = False) -> list[int]:
        """Ids of `text`; control tokens are recognised only with `has_control`."""
        data = text.encode("utf-8", "replace")
        if self._defined is None:
            self._defined = DefinedTokens(self._read_defined_tokens())
        if not has_control and self._defined.has_many(data):
            return self._defined.tokenize(data, self._tokenize)
        return self._tokenize(data, has_control=has_control)

    def _tokenize(self, data: bytes, *, has_control: bool = False) -> list[int]:
        """The same by llama.cpp alone, which is slow where many tokens are recognised in any text."""
        size = len(data) + 16
        while True:
            ids = (lib.llama_token * size)()
            count = lib.llama_tokenize(self._vocab, data, len(data), ids, size, False, has_control)
            if count >= 0:
                return list(ids[:count])
            size = -count

    def is_token(self, token: int) -> bool:
        """Whether the vocabulary has this id; llama.cpp ends the process when asked for another."""
        return 0 <= token < self._vocabulary_size

    def piece(self, token: int, *, has_control: bool = False) -> bytes:
        """The bytes a token stands for; none for a control token unless `has_control`, or for no token."""
        return self._words.piece(token, has_control=has_control)

    def control_tokens(self) -> dict[str, int]:
        """Text of every control token → its id."""
        if self._control is None:
            self._control = self._read_control_tokens()
        return self._control

    def _read_control_tokens(self) -> dict[str, int]:
        ids = range(lib.llama_vocab_n_tokens(self._vocab))
        found = (
            (i, self.piece(i, has_control=True)) for i in ids if lib.llama_vocab_is_control(self._vocab, i)
        )
        return {piece.decode("utf-8", "replace"): i for i, piece in found if piece}

    def strips(self) -> dict[str, tuple[bool, bool]]:
        """Text of a control token → whether it swallows the white space (before, after) it."""
        found = {}
        for text, token in self.control_tokens().items():
            attributes = int(lib.llama_vocab_get_attr(self._vocab, token))
            before, after = bool(attributes & LSTRIP), bool(attributes & RSTRIP)
            if before or after:
                found[text] = (before, after)
        return found

    def defined_tokens(self) -> list[str]:
        """Texts of tokens that are recognised in any text, control or not (`<think>`, `<tool_call>` …)."""
        ids = range(lib.llama_vocab_n_tokens(self._vocab))
        defined = (i for i in ids if int(lib.llama_vocab_get_attr(self._vocab, i)) & USER_DEFINED)
        return [self.piece(token).decode("utf-8", "replace") for token in defined]

    def _read_defined_tokens(self) -> Iterator[DefinedToken]:
        for token in range(self._vocabulary_size):
            attributes = int(lib.llama_vocab_get_attr(self._vocab, token))
            if attributes & USER_DEFINED and not attributes & (CONTROL | UNKNOWN):
                text = lib.llama_vocab_get_text(self._vocab, token)
                yield DefinedToken(token, text, bool(attributes & LSTRIP), bool(attributes & RSTRIP))

    def reasoning_tags(self) -> dict[int, bytes]:
        """Control tokens that begin or end a reasoning, with their text, which is then part of the reply."""
        tags = tag_texts()
        return {token: text.encode() for text, token in self.control_tokens().items() if text in tags}

    def with_ends(self, ids: list[int]) -> list[int]:
        """Ids between the tokens that the vocabulary wants at the beginning and the end of each text."""
        vocab = self._vocab
        ends = [int(lib.llama_vocab_eos(vocab))] if lib.llama_vocab_get_add_eos(vocab) else []
        return [*([self.bos] if self.bos is not None else []), *ids, *ends]

    def is_end(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(lib.llama_vocab_is_eog(self._vocab, token))

    @property
    def bos(self) -> int | None:
        """The token that must begin every text; None where the model wants none."""
        return int(lib.llama_vocab_bos(self._vocab)) if lib.llama_vocab_get_add_bos(self._vocab) else None

    @property
    def eos(self) -> int | None:
        """The token that ends a text; None where the vocabulary has none."""
        token = int(lib.llama_vocab_eos(self._vocab))
        return token if token >= 0 else None

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
