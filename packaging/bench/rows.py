"""The other side of scoring: llama.cpp's own calls, with logits at every position, which nobody looks at."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from time import perf_counter

import llama_cpp as lib

from bench.bare import Bare
from bench.judged import most_mb
from bench.prompts import long_text
from bench.side import serve, take_stdout


class BareRows(Bare):
    """A model in a context, with the values that our engine uses."""

    def rows(self, *, tokens: int, number: int) -> dict[str, float]:
        """Compute the logits at so many positions; tokens a second, and the most memory, in MB."""
        ids = self.tokenize(long_text(tokens, number=number))[:tokens]
        lib.llama_memory_clear(lib.llama_get_memory(self._context), True)
        begun = perf_counter()
        for start in range(0, len(ids), self._batch):
            self._read(ids[start : start + self._batch], start)
        return {"score_tps": tokens / (perf_counter() - begun), "most_mb": most_mb()}

    def _read(self, ids: Sequence[int], position: int) -> None:
        batch = lib.llama_batch_init(len(ids), 0, 1)
        batch.n_tokens = len(ids)
        for place, token in enumerate(ids):
            batch.token[place], batch.pos[place] = token, position + place
            batch.n_seq_id[place], batch.seq_id[place][0], batch.logits[place] = 1, 0, 1
        code = lib.llama_decode(self._context, batch)
        lib.llama_get_logits(self._context)
        lib.llama_batch_free(batch)
        if code != 0:
            raise RuntimeError("llama_decode failed")


if __name__ == "__main__":
    answers = take_stdout()
    serve(BareRows(**json.loads(sys.argv[1])).rows, answers)
