"""The side that moves a slider: how soon the first token comes after an adapter's scale has changed."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.prompts import long_text
from bench.side import serve, take_stdout
from bench.window import furnish
from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse.models.gguf import read_header
from teahouse.workers.process import WAITING

MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
RANK, SIZE = 8, 0.01
SCALES = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)


def make_adapter(model: Path, path: Path) -> Path:
    """A LoRA of the usual size on every matrix, so weak that the replies stay what they are."""
    import gguf
    import numpy as np

    header, source = read_header(model), np.random.default_rng(1)
    writer = gguf.GGUFWriter(str(path), header.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 2.0 * RANK)
    for tensor in header.tensors:
        if tensor.name.removesuffix(".weight").rpartition(".")[2] in MATRICES:
            wide, high = tensor.dims[0], tensor.dims[1]
            for half, shape in (("lora_a", (RANK, wide)), ("lora_b", (high, RANK))):
                values = source.normal(0, SIZE, shape).astype(np.float32)
                writer.add_tensor(f"{tensor.name}.{half}", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


class Sliding:
    """A conversation that is asked again with another scale each time."""

    def __init__(self, engine: Engine, adapter: str) -> None:
        self._engine, self._adapter = engine, adapter

    def measure(self, *, prompt_tokens: int, number: int) -> dict[str, float]:
        """Milliseconds to the first token: after a change, of reading anew alone, and after going back."""
        ids = self._engine.tokenize(long_text(prompt_tokens, number=number))[:prompt_tokens]
        before, after = SCALES[number % len(SCALES)], SCALES[(number + 3) % len(SCALES)]
        self._first_ms(ids, before)
        changed, cached = self._first_ms(ids, after)
        if cached:
            raise RuntimeError("what was read with another scale was used")
        again, _cached = self._first_ms(ids, after, is_reproducible=True)
        back, _cached = self._first_ms(ids, before)
        return {"changed_ms": changed, "reading_ms": again, "back_ms": back}

    def _first_ms(self, ids: list[int], scale: float, *, is_reproducible: bool = False) -> tuple[float, int]:
        """(milliseconds to the first token, tokens that were not read again)."""
        begun, first, cached = perf_counter(), 0.0, 0
        steps = self._engine.generate(
            ids,
            sampling=Sampling(temperature=0.0),
            max_tokens=2,
            stop=(),
            cancel=Cancel(),
            is_reproducible=is_reproducible,
            adapters=[(self._adapter, scale)],
        )
        while True:
            try:
                event = next(steps)
            except StopIteration as done:
                cached = done.value["usage"]["cached_tokens"]
                return 1000 * ((first or perf_counter()) - begun), cached
            if event is not WAITING and event["event"] == "text" and not first:
                first = perf_counter()


def open_engine(app: App) -> Engine:
    """The engine of the only model."""
    steps = app.engines.open(app.models.list()[0].name, Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as done:
            engine: Engine = done.value
            return engine


def main(options: dict[str, Any]) -> None:
    """Serve in a fresh home."""
    answers = take_stdout()
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as home:
        os.environ |= {"TEAHOUSE_HOME": home, "TEAHOUSE_LANGUAGE": "en"}
        app = App.open()
        try:
            furnish(app, Path(options["path"]), options["config"])
            made = app.adapters.add(make_adapter(Path(options["path"]), Path(home) / "usual.gguf"))
            serve(Sliding(open_engine(app), str(made.path)).measure, answers)
        finally:
            app.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
