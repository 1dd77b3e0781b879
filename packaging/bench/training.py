"""Training against its peers: reading the GGUF file, and a step of LoRA at 1 × 256 tokens in bfloat16.

TEAHOUSE_PEERS names a Python that has transformers, PEFT and TRL; `make bench-train` makes one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.lessons import LENGTH, ROWS
from bench.ratio import Count, Ratio
from bench.side import Side, start
from teahouse.engine.configuration import default_threads

SPEED_LIMIT, MEMORY_LIMIT, LOAD_LIMIT = 1.2, 0.9, 3.0
SHARES = {0.2: "20 % of the tokens learned", 1.0: "all tokens learned"}
TRL_STEPS = 6
PEER = str(Path(__file__).with_name("peer.py"))

Say = Callable[[str], None]
Result = Ratio | Count


def measure(model: Path, pairs: int, say: Say) -> list[Result]:
    """Ratios to the peers; limits where the issue names them.

    Raises:
        RuntimeError: TEAHOUSE_PEERS names no Python.
    """
    python = os.environ.get("TEAHOUSE_PEERS", "")
    if not python:
        raise RuntimeError("TEAHOUSE_PEERS names no Python with transformers, PEFT and TRL: make bench-train")
    options = {"path": str(model), "threads": default_threads()}
    results: list[Result] = []
    with start("bench.learner", options) as ours, start(PEER, options, python=python) as peer:
        results.append(_measure_loading(ours, peer, pairs, say))
    for share, words in SHARES.items():
        results += _measure_steps(options, python, pairs, say, share=share, words=words)
    results.append(_measure_trl(options, python, say))
    return results


def _measure_loading(ours: Side, peer: Side, pairs: int, say: Say) -> Ratio:
    rates: tuple[list[float], list[float]] = [], []
    for number in range(pairs):
        say(f"reading the file: pair {number + 1} of {pairs} …")
        for side, kept in zip((ours, peer), rates, strict=True):
            kept.append(1 / side.ask(what="load")["seconds"])
    return Ratio("reading a GGUF file: ours / transformers, files/s", *rates, LOAD_LIMIT)


def _measure_steps(
    options: dict[str, Any],
    python: str,
    pairs: int,
    say: Say,
    *,
    share: float,
    words: str,
) -> list[Result]:
    """Steps of both in turn, each in a fresh process."""
    taken: list[list[dict[str, float]]] = [[], []]
    with start("bench.learner", options) as ours, start(PEER, options, python=python) as peer:
        for number in range(pairs + 2):  # two to warm up
            say(f"{words}: pair {number - 1} of {pairs} …")
            sides = list(zip((ours, peer), taken, strict=True))
            for side, kept in sides if number % 2 else sides[::-1]:
                kept.append(side.ask(what="step", share=share, number=number))
    title = f"LoRA at {ROWS} × {LENGTH}, {words}"
    mine, others = ([answer["tokens_per_s"] for answer in kept[2:]] for kept in taken)
    peaks = [max(answer["peak_mb"] for answer in kept[2:]) for kept in taken]
    is_limit = share < 1.0
    told = {"ours_mb": peaks[0], "peft_mb": peaks[1], "first_losses": [kept[0]["loss"] for kept in taken]}
    return [
        Ratio(f"{title}: ours / PEFT, tokens/s", mine, others, SPEED_LIMIT if is_limit else None),
        Count(
            f"{title}: peak memory / PEFT's", peaks[0] / peaks[1], MEMORY_LIMIT if is_limit else None, told
        ),
    ]


def _measure_trl(options: dict[str, Any], python: str, say: Say) -> Count:
    """TRL's trainer, printed beside: it needs a run of its own."""
    say("TRL …")
    share = min(SHARES)
    with start(PEER, options, python=python) as peer:
        trl = peer.ask(what="trl", share=share, number=TRL_STEPS)
    with start("bench.learner", options) as ours:
        steps = [ours.ask(what="step", share=share, number=number) for number in range(TRL_STEPS)]
    best = max(step["tokens_per_s"] for step in steps)
    told = {"ours_tokens_per_s": best, "trl_tokens_per_s": trl["tokens_per_s"], "trl_mb": trl["peak_mb"]}
    return Count("TRL's best step / ours, tokens/s", trl["tokens_per_s"] / best, None, told)
