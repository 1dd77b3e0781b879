"""Our side of scoring: the verb `score` as the engine's child answers it, called in this process."""

from __future__ import annotations

import json
import resource
import sys
from time import perf_counter
from typing import Any

from bench.prompts import long_text
from bench.side import serve, take_stdout
from teahouse.engine.child import LlamaEngine
from teahouse.workers.child import Call
from teahouse.workers.wire import pack, pack_ids, unpack_ids


class Judged:
    """The engine as its child process holds it."""

    def __init__(self, *, path: str, config: dict[str, Any]) -> None:
        self._engine = LlamaEngine()
        self._quiet = Call(0, lambda _message: None)
        self._engine.load(self._quiet, path=path, config=config)

    def measure(self, *, tokens: int, number: int, top_n: int = 20) -> dict[str, float]:
        """Score so many tokens; tokens a second, and the most memory this process has had, in MB."""
        ids = unpack_ids(self._engine.tokenize(self._quiet, text=long_text(tokens, number=number))["ids"])
        # what crosses the pipe is written out here too: that is part of the work
        call = Call(1, lambda message: pack(message) and None)
        begun = perf_counter()
        self._engine.score(call, ids=pack_ids(ids[:tokens]), top_n=top_n)
        return {"score_tps": tokens / (perf_counter() - begun), "most_mb": most_mb()}


def most_mb() -> float:
    """The most memory that this process has held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    answers = take_stdout()
    serve(Judged(**json.loads(sys.argv[1])).measure, answers)
