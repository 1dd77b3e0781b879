"""The child process that merges adapters into a model: `teahouse.engine.merging:serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from teahouse.engine.processor import lower_priority
from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """One verb."""
    lower_priority()
    server.verb("merge", merge)


def merge(
    call: Call,
    *,
    path: str,
    adapters: list[tuple[str, float]],
    half: str,
    out: str,
    file_type: int,
    threads: int,
) -> dict[str, Any]:
    """Merge; emits `progress` (stage, fraction).

    Args:
        half: Where the model in half precision is written.
        out: Where the quantized one is; empty for none.
        file_type: Its type, of `enum llama_ftype`.
    """
    from teahouse.engine.llama import merging

    def reporting(stage: str) -> merging.Report:
        return lambda fraction: call.emit("progress", stage=stage, fraction=round(fraction, 4))

    wide = Path(half)
    merging.convert(Path(path), wide, merging.F16, threads=threads, on_progress=reporting("convert"))
    chosen = [(Path(file), scale) for file, scale in adapters]
    merging.add(wide, chosen, on_progress=reporting("add"))
    if out:
        merging.convert(wide, Path(out), file_type, threads=threads, on_progress=reporting("quantize"))
    return {}
