"""Texts into vectors, or pairs into scores: a second context of the same model, made when first needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import llama_cpp as lib
import numpy as np

from teahouse.errors import ContextError, EngineError, OutOfMemory
from teahouse.language import _

Pooling = Literal["mean", "none", "own", "rank"]
"""Of the vectors of all tokens, none, or as the file says: `mean` where it says nothing. `rank`: what the
file's head for ranking makes of them; only for a file that has one, else llama.cpp reads foreign memory."""
MOST_TOKENS = 512
"""llama.cpp aborts natively above this many tokens in one batch of an encoder."""
MOST_RANKED = 1024
"""Of a question with its passage, and what the model's own template says beside them."""

POOLING = {
    "mean": lib.LLAMA_POOLING_TYPE_MEAN,
    "none": lib.LLAMA_POOLING_TYPE_NONE,
    "own": lib.LLAMA_POOLING_TYPE_UNSPECIFIED,
    "rank": lib.LLAMA_POOLING_TYPE_RANK,
}
Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Embedding:
    """One context that gives vectors.

    Raises:
        OutOfMemory: There is no memory for it.
    """

    def __init__(self, model: Any, pooling: Pooling, *, threads: int, abort_callback: Any) -> None:
        values = lib.llama_context_default_params()
        trained = int(lib.llama_model_n_ctx_train(model)) or MOST_TOKENS
        most = MOST_RANKED if pooling == "rank" else MOST_TOKENS
        values.n_ctx = values.n_batch = values.n_ubatch = min(trained, most)
        values.n_threads = values.n_threads_batch = threads
        values.embeddings = True
        values.pooling_type = POOLING[pooling]
        values.abort_callback = abort_callback
        self._pooling = pooling
        self._most = int(values.n_ctx)
        self._has_encoder_only = bool(lib.llama_model_has_encoder(model)) and not bool(
            lib.llama_model_has_decoder(model)
        )
        self._width = _width(model, pooling)
        if not self._width:
            raise EngineError(_("The file's head for ranking gives no score."))
        self._context = lib.llama_init_from_model(model, values)
        if self._context and pooling == "own" and not lib.llama_pooling_type(self._context):
            lib.llama_free(self._context)
            values.pooling_type = lib.LLAMA_POOLING_TYPE_MEAN
            self._context = lib.llama_init_from_model(model, values)
        if not self._context:
            raise OutOfMemory(_("There is not enough memory for a context that makes vectors."))

    def embed(self, ids: Sequence[int]) -> Vectors:
        """Vectors of one text, float32: (1, width) of length 1 with pooling, else (tokens, width).

        With `rank` they are the scores of the file's head: (1, how many it has), as they come.

        Raises:
            ContextError: The text is empty or longer than fits; nothing is ever cut.
        """
        self._check(len(ids))
        lib.llama_memory_clear(lib.llama_get_memory(self._context), True)
        batch = lib.llama_batch_init(len(ids), 0, 1)
        try:
            batch.n_tokens = len(ids)
            for place, token in enumerate(ids):
                batch.token[place], batch.pos[place] = token, place
                batch.n_seq_id[place], batch.seq_id[place][0], batch.logits[place] = 1, 0, 1
            compute = lib.llama_encode if self._has_encoder_only else lib.llama_decode
            if code := compute(self._context, batch):
                raise EngineError(_("llama.cpp could not make vectors (code {code}).").format(code=code))
            return self._vectors(len(ids))
        finally:
            lib.llama_batch_free(batch)

    def close(self) -> None:
        """Free the context."""
        lib.llama_free(self._context)

    def _vectors(self, count: int) -> Vectors:
        if self._pooling == "none":
            rows = [lib.llama_get_embeddings_ith(self._context, place) for place in range(count)]
            return np.stack([self._copied(row) for row in rows])
        vector = self._copied(lib.llama_get_embeddings_seq(self._context, 0))
        if self._pooling == "rank":
            return vector[None, :]
        return (vector / max(1e-12, float(np.linalg.norm(vector))))[None, :]

    def _copied(self, pointer: Any) -> Vectors:
        return np.ctypeslib.as_array(pointer, shape=(self._width,)).copy()

    def _check(self, count: int) -> None:
        if not 0 < count <= self._most:
            raise ContextError(
                _("The text has {tokens} tokens; between 1 and {most} can become a vector.").format(
                    tokens=count, most=self._most
                ),
                _("Nothing was cut. Split the text."),
                prompt_tokens=count,
                context=self._most,
            )


def _width(model: Any, pooling: Pooling) -> int:
    """Numbers in each row: of the vector, or of the head for ranking."""
    if pooling == "rank":
        return int(lib.llama_model_n_cls_out(model))
    return int(lib.llama_model_n_embd(model))
