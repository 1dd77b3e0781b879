"""Our side without its pipe: the loop of the engine's child, called in this process."""

from __future__ import annotations

import json
import sys
from time import perf_counter
from typing import Any

from bench.prompts import long_text
from bench.side import serve, take_stdout
from teahouse.engine.child import LlamaEngine
from teahouse.engine.sampling import Sampling
from teahouse.workers.child import Call
from teahouse.workers.wire import pack_ids, unpack_ids


class Heard:
    """When which event of a call was sent."""

    def __init__(self) -> None:
        self.begun = self.read = self.first = perf_counter()
        self.first_ids = 0

    def write(self, message: dict[str, Any]) -> None:
        """Take a line that would go through the pipe."""
        if message.get("event") == "prompt":
            self.read = perf_counter()
        elif message.get("event") == "text" and not self.first_ids:
            self.first, self.first_ids = perf_counter(), len(message["ids"])


class OurChild:
    """The engine as its child process holds it."""

    def __init__(self, *, path: str, config: dict[str, Any]) -> None:
        self._engine = LlamaEngine()
        self._engine.load(Call(0, lambda _message: None), path=path, config=config)

    def measure(self, *, prompt_tokens: int, tokens: int, number: int) -> dict[str, float]:
        """Read so many tokens, write so many; tokens a second of both."""
        quiet = Call(0, lambda _message: None)
        text = long_text(prompt_tokens, number=number)
        ids = unpack_ids(self._engine.tokenize(quiet, text=text)["ids"])[:prompt_tokens]
        heard = Heard()
        done = self._engine.generate(
            Call(1, heard.write),
            ids=pack_ids(ids),
            sampling=Sampling(temperature=0.0, repeat_penalty=1.0, seed=1).as_json(),
            max_tokens=tokens,
            stop=[],
            is_reproducible=True,
        )
        ended, written = perf_counter(), len(unpack_ids(done["ids"]))
        if written != tokens:
            raise RuntimeError(f"the model ended after {written} of {tokens} tokens")
        return {
            "prompt_tps": len(ids) / (heard.read - heard.begun),
            "decode_tps": (written - heard.first_ids) / (ended - heard.first),
        }


if __name__ == "__main__":
    answers = take_stdout()
    serve(OurChild(**json.loads(sys.argv[1])).measure, answers)
