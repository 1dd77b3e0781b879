"""What a model has in view: token ids with their keys and values, and the computing on them."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator, Sequence
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.engine import shortage
from teahouse.engine.cache import count_common
from teahouse.engine.llama.build import complaints, forget_complaints
from teahouse.engine.llama.sampler import Sampler
from teahouse.engine.llama.vocab import Vocab
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineError, OutOfMemory
from teahouse.language import _

SEQUENCE = 0
ALLOCATION_FAILED = -2
"""What `llama_decode` returns when a buffer of the step cannot be had."""
QUICK_S = 0.1
"""A token that takes less is not asked inside whether it is to stop: that costs one fiftieth of its time."""
NEVER = lib.ggml_abort_callback()
Rows = np.ndarray[Any, np.dtype[np.float32]]


class Aborted(Exception):
    """The computation was ended because `LlamaModel.should_stop` said so; the context is as before it."""


class LlamaContext:
    """One sequence of tokens in one context of llama.cpp.

    Args:
        context: The native context; freed by its owner.
        batch_size: Tokens read in one step.
        abort_callback: Asked at every step of a batch, and of a token that takes long.
    """

    def __init__(self, context: Any, *, batch_size: int, vocab: Vocab, abort_callback: Any) -> None:
        self._context = context
        self._abort_callback = abort_callback
        self._is_asked, self._token_s = True, QUICK_S
        self._memory = lib.llama_get_memory(context)
        self._batch_size = batch_size
        self.vocab = vocab
        self.held: list[int] = []
        """Token ids whose keys and values are in the context, in order."""

    @property
    def length(self) -> int:
        """Tokens that fit."""
        return int(lib.llama_n_ctx(self._context))

    # --- what it holds ------------------------------------------------------------------------------

    @property
    def can_go_back(self) -> bool:
        """Whether the end of what is held can be forgotten: a recurrent model remembers only where it is."""
        model = lib.llama_get_model(self._context)
        return not (lib.llama_model_is_recurrent(model) or lib.llama_model_is_hybrid(model))

    def keep_prefix(self, ids: Sequence[int]) -> int:
        """Forget all that is held after the longest common beginning with `ids`.

        Returns:
            How many tokens need not be read again; at least one is left to read.
        """
        common = count_common(self.held, ids[:-1])
        if common < len(self.held) and not self._remove_from(common):
            self.clear()  # recurrent models cannot go back
            return 0
        del self.held[common:]
        return common

    def clear(self) -> None:
        """Forget everything."""
        lib.llama_memory_clear(self._memory, True)
        self.held.clear()

    def copy_state(self) -> bytes:
        """Keys and values of what is held, as llama.cpp lays them out."""
        size = int(lib.llama_state_seq_get_size(self._context, SEQUENCE))
        buffer = (ctypes.c_uint8 * size)()
        written = int(lib.llama_state_seq_get_data(self._context, buffer, size, SEQUENCE))
        return bytes(memoryview(buffer)[:written])

    def put_state(self, ids: Sequence[int], data: bytes) -> bool:
        """Hold what `copy_state` gave for `ids`; False, and nothing is held, when llama.cpp refuses it."""
        self.clear()
        buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
        if not lib.llama_state_seq_set_data(self._context, buffer, len(data), SEQUENCE):
            self.clear()
            return False
        self.held = list(ids)
        return True

    # --- computing ----------------------------------------------------------------------------------

    def read(self, ids: Sequence[int]) -> Iterator[int]:
        """Add tokens in batches; yields how many have been read after each.

        Raises:
            Aborted: `should_stop` said so; the context holds the batches before.
        """
        done = 0
        while done < len(ids):
            batch = ids[done : done + self._batch_size]
            tokens = (lib.llama_token * len(batch))(*batch)
            self._decode(lib.llama_batch_get_one(tokens, len(batch)), batch)
            done += len(batch)
            yield done

    def add(self, token: int) -> None:
        """Add one token."""
        tokens = (lib.llama_token * 1)(token)
        begun = time.monotonic()
        self._decode(lib.llama_batch_get_one(tokens, 1), [token])
        self._token_s = time.monotonic() - begun

    def read_rows(self, ids: Sequence[int], *, batch_size: int) -> Iterator[Rows]:
        """Add tokens in batches; yields each batch's logits, float32 (tokens, vocabulary).

        They lie in llama.cpp's own memory: valid until the next batch is asked for.

        Raises:
            Aborted: `should_stop` said so; the context holds the batches before.
        """
        for start in range(0, len(ids), min(batch_size, self._batch_size)):
            yield self._read_rows(ids[start : start + min(batch_size, self._batch_size)])

    def sampler(self, sampling: Sampling) -> Sampler:
        """A native sampler chain for one reply.

        Raises:
            EngineError: llama.cpp refuses the grammar.
        """
        return Sampler(self._context, self.vocab, sampling)

    # --- inside -----------------------------------------------------------------------------------

    def _read_rows(self, ids: Sequence[int]) -> Rows:
        batch = lib.llama_batch_init(len(ids), 0, 1)
        try:
            batch.n_tokens = len(ids)
            for place, token in enumerate(ids):
                batch.token[place] = token
                batch.pos[place] = len(self.held) + place
                batch.n_seq_id[place] = 1
                batch.seq_id[place][0] = SEQUENCE
                batch.logits[place] = 1
            self._decode(batch, ids)
            rows = lib.llama_get_logits(self._context)
            return np.ctypeslib.as_array(rows, shape=(len(ids), self.vocab.size))
        finally:
            lib.llama_batch_free(batch)

    def _decode(self, batch: Any, ids: Sequence[int]) -> None:
        forget_complaints()
        self._ask(len(ids) > 1 or self._token_s >= QUICK_S)
        code = lib.llama_decode(self._context, batch)
        if code == 0:
            self.held += ids
            return
        if not self._remove_from(len(self.held)):
            self.clear()
        if code == 2:
            raise Aborted
        if code == 1:
            raise EngineError(
                _("The context is full."), _("Start a new conversation or choose a longer context.")
            )
        if code == ALLOCATION_FAILED or shortage.is_told("\n".join(complaints())):
            raise OutOfMemory(
                _("There was not enough memory to compute {count} tokens.").format(count=len(ids)),
                _("Close other programs, or choose a smaller context or a smaller model."),
            )
        raise EngineError(
            _("llama.cpp could not compute a batch of {count} tokens (code {code}).").format(
                count=len(ids), code=code
            )
        )

    def _ask(self, is_asked: bool) -> None:
        """Let llama.cpp ask inside a step whether to stop, or not."""
        if is_asked != self._is_asked:
            call = self._abort_callback if is_asked else NEVER
            lib.llama_set_abort_callback(self._context, call, ctypes.c_void_p(0))
            self._is_asked = is_asked

    def _remove_from(self, position: int) -> bool:
        return bool(lib.llama_memory_seq_rm(self._memory, SEQUENCE, position, -1))
