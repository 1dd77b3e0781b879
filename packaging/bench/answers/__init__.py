"""Answers from documents, on XQuAD: recall, the gate, the second look's time, and replies end to end.

The environment names its folder (XQUAD) and the embedder (TEAHOUSE_TEST_EMBEDDER). What each question gave
is kept as it comes in the folder of `--keep`, and taken up from there the next time: a whole run takes hours.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.answers import looking, ranking, talking
from bench.ratio import Result

if TYPE_CHECKING:
    from bench.measurements import Plan, Say


def measure(plan: Plan, say: Say) -> list[Result]:
    """All of it; nothing where XQuAD or the embedder is not here."""
    folder, embedder = os.environ.get("XQUAD", ""), os.environ.get("TEAHOUSE_TEST_EMBEDDER", "")
    if not folder or not embedder:
        return []
    xquad = Path(folder)
    with _kept(plan.keep) as kept:
        results = ranking.measure(xquad, kept, say)
        results += looking.measure(xquad, say)
        models = [plan.model, *([plan.beside] if plan.beside else [])]
        for model in models:
            asked = plan.questions if model == plan.model else plan.beside_questions
            results += talking.measure(xquad, kept, model, Path(embedder), asked, plan.threads, say)
        return results


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-", ignore_cleanup_errors=True) as own:
        yield Path(own)
