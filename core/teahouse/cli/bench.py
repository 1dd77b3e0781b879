"""`teahouse bench`: how fast a model runs on this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from teahouse.app import App
from teahouse.chat.turn import wanted_model
from teahouse.cli.console import ProgressLine, echo, echo_json, loading_text, run, size_text
from teahouse.cli.main import Session
from teahouse.engine import fit
from teahouse.engine.speed import Speed, SpeedProgress, measure
from teahouse.language import _
from teahouse.messages import ModelLoading


def command() -> click.Command:
    """The command."""
    count = click.IntRange(2, 1_000_000)
    return click.Command(
        "bench",
        callback=_bench,
        help=_("Measure how fast a model loads, reads and writes here, with the settings in force."),
        params=[
            click.Argument(["model"], required=False, default=""),
            click.Option(["--tokens"], type=count, default=64, help=_("Tokens to write each time.")),
            click.Option(["--prompt-tokens"], type=count, default=256, help=_("Tokens to read each time.")),
            click.Option(
                ["--repetitions"], type=click.IntRange(1, 100), default=3, help=_("How often to measure.")
            ),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object.")),
        ],
    )


@click.pass_obj
def _bench(session: Session, /, model: str, is_json: bool, **counts: int) -> None:
    app, line = session.app, ProgressLine()
    name = wanted_model(app, name=model)
    try:
        speed: Speed = run(measure(app.engines, name, **counts), lambda event: _show(event, line))
    finally:
        line.clear()
    found = _as_object(app, speed)
    if is_json:
        echo_json(found)
        return
    for label, value in _lines(found):
        echo(f"{label}: {value}")


def _show(event: object, line: ProgressLine) -> None:
    if isinstance(event, ModelLoading):
        line.show(loading_text(event))
    elif isinstance(event, SpeedProgress):
        line.show(_("Measuring: {done} of {total} …").format(done=event.done + 1, total=event.total))


def _as_object(app: App, speed: Speed) -> dict[str, Any]:
    model = app.models.find(speed.model)
    plan = fit.describe(model, app.settings).plan if model.header else None
    engine = app.engines.get(speed.model)
    return {
        "model": speed.model,
        "load_s": round(speed.load_s, 3),
        "prompt_tps": round(speed.prompt_tps, 2),
        "decode_tps": round(speed.decode_tps, 2),
        "estimated_bytes": plan.estimate.total if plan else None,
        "engine": engine.config.as_json() if engine else {},
        "repetitions": [asdict(run) for run in speed.runs],
    }


def _lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    rate = _("{rate} tokens/s")
    lines = [
        (_("model"), found["model"]),
        (_("loading"), _("{seconds} s").format(seconds=f"{found['load_s']:.1f}")),
        (_("reading"), rate.format(rate=f"{found['prompt_tps']:.1f}")),
        (_("writing"), rate.format(rate=f"{found['decode_tps']:.1f}")),
    ]
    if found["estimated_bytes"]:
        lines.append((_("memory, estimated"), size_text(found["estimated_bytes"])))
    return lines
