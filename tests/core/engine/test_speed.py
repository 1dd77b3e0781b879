"""Measuring a model: medians, and what each repetition reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.engine.speed import Run, Speed, SpeedProgress, measure
from teahouse.errors import EngineError
from teahouse.jobs import Cancel, Job, JobProgress


def test_the_medians_leave_out_runs_that_wrote_one_token() -> None:
    runs = (Run(8, 4, 10.0, 3.0), Run(8, 4, 30.0, 5.0), Run(8, 4, 20.0, 4.0), Run(8, 1, 20.0, 0.0))
    speed = Speed("m", 0.5, runs)
    assert (speed.prompt_tps, speed.decode_tps) == (20.0, 4.0)
    assert Speed("m", 0.5, (runs[3],)).decode_tps == 0.0


def test_it_tells_how_far_it_is(app: App) -> None:
    seen: list[object] = []
    job = Job("bench", measure(app.engines, "echo/echo", prompt_tokens=4, tokens=3, repetitions=2))
    ended = job.run(lambda event: seen.append(event.value) if isinstance(event, JobProgress) else None)
    assert ended.error is None
    assert [one for one in seen if isinstance(one, SpeedProgress)] == [
        SpeedProgress(0, 2),
        SpeedProgress(1, 2),
    ]
    assert [run.tokens for run in ended.result.runs] == [3, 3]


def test_what_does_not_fit_is_refused_before_anything_is_read(app: App) -> None:
    with pytest.raises(EngineError, match="do not fit"):
        list(measure(app.engines, "echo/echo", prompt_tokens=10**6)(Cancel()))


@pytest.mark.gguf
def test_each_repetition_reads_the_whole_prompt_anew(app: App, starter: Path) -> None:
    work = measure(app.engines, str(starter), prompt_tokens=20, tokens=2, repetitions=2)
    speed = Job("bench", work).run(lambda _event: None).result
    assert [(run.prompt_tokens, run.tokens) for run in speed.runs] == [(20, 2), (20, 2)]
    assert all(run.prompt_tps > 0 for run in speed.runs)
    assert speed.load_s > 0
