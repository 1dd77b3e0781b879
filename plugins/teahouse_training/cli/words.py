"""What the commands `teahouse train …` say."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from teahouse import Translator
from teahouse.cli.console import columns, padded
from teahouse.language import sentences
from teahouse_training.data.rows import Issue
from teahouse_training.phrases import command_line, duration, gone_in_words, state_name
from teahouse_training.values import FINISHED

_ = Translator("teahouse_training")

MOST_ISSUES = 20
COUNTS = ("rows", "total", "held_out", "tokens", "learned_tokens")

Told = Mapping[str, Any]


def trained(told: Told) -> str:
    """What came out, or what would be learned."""
    return looked(told) if "sample" in told else shown(told)


def shown(run: Told) -> str:
    """One run in sentences."""
    said = [
        _("Run {name}: {state}, step {step} of {steps}.").format(
            name=run["name"], state=state_name(run["state"]), step=run["step"], steps=run["steps"]
        ),
        _("Model {model}, data {source}: {rows} learned, {held_out} held out.").format(
            **{key: run[key] for key in ("model", "source", "rows", "held_out")}
        ),
        *_evaluation(run["evaluation"]),
        *_issues(run["left_out"], run["warnings"]),
    ]
    if run["seconds"]:
        said.append(_("It took {time}.").format(time=duration(run["seconds"])))
    if run["error"]:
        said.append(sentences(run["error"]["text"], run["error"]["hint"]))
    if run["made_model"]:
        command = f'teahouse ask --model {shlex.quote(run["made_model"])} "…"'
        said.append(_("Ask with it: {command}").format(command=command))
    elif run["adapter"]:
        command = f'teahouse ask --adapter {shlex.quote(run["adapter"])} "…"'
        said.append(_("Ask with it: {command}").format(command=command))
    elif run["state"] in FINISHED:
        said.append(_("What came out of it is not in the library any more."))
    elif run["state"] in ("paused", "interrupted", "prepared"):
        said.append(_("Let it go on: {command}").format(command=command_line("resume", run["name"])))
    return "\n".join(said)


def looked(told: Told) -> str:
    """What would be learned, and the first rows as the model sees them; the learned part is bracketed."""
    s = told["settings"]
    said = [
        _(
            "{rows} of {total} rows would be learned, {held_out} held out: {tokens} tokens, {learned_tokens}"
            " of them learned."
        ).format(**{name: told[name] for name in COUNTS}),
        _(
            "Preset {preset}: {steps} steps, learning rate {rate}, {count} rows of {length} tokens each step."
        ).format(
            preset=told["preset"],
            steps=s["steps"],
            rate=s["learning_rate"],
            count=s["rows"] * s["accumulation"],
            length=s["length"],
        ),
        *_issues(told["left_out"], told["warnings"]),
    ]
    if told["memory_bytes"]:
        said.append(_("Memory: about {size} GB.").format(size=f"{told['memory_bytes'] / 1e9:.1f}"))
    for seen in told["sample"]:
        said.append(
            _("Line {line}").format(line=seen["line"]) + ": " + marked(seen["pieces"], seen["learned"])
        )
    return "\n".join(said)


def marked(pieces: Sequence[str], learned: Sequence[int]) -> str:
    """A row in one line; what is learned stands in double brackets."""
    said, is_inside = "", False
    for piece, flag in zip(pieces, learned, strict=True):
        if bool(flag) != is_inside:
            said += "⟦" if flag else "⟧"
            is_inside = bool(flag)
        said += piece.replace("\n", "↵")
    return said + ("⟧" if is_inside else "")


def listed_(told: Told) -> str:
    """A line for each run; below them the damaged ones, with what is wrong and what can be done."""
    if not told["runs"] and not told["damaged"]:
        return _("There is no training run yet.")
    return "\n".join([*_table(told["runs"]), *(_damaged(run) for run in told["damaged"])])


def _damaged(run: Told) -> str:
    error = run["error"]
    command = command_line("discard", run["name"])
    return sentences(
        _("{name}: damaged. {reason}").format(name=run["name"], reason=error["text"]),
        error["hint"],
        _("Discard it when you do not need it any more: {command}").format(command=command),
    )


def _table(runs: Sequence[Told]) -> list[str]:
    rows = [
        (
            run["name"],
            state_name(run["state"]),
            f"{run['step']}/{run['steps']}",
            run["model"],
            datetime.fromtimestamp(run["created_ms"] / 1000).strftime("%Y-%m-%d %H:%M"),
        )
        for run in runs
    ]
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(padded, row, widths)).rstrip() for row in rows]


def stopping(run: Told) -> str:
    """It was told to stop."""
    if run["state"] == "running":
        return _("The run {name} stops after the step that it is taking.").format(name=run["name"])
    return shown(run)


def discarded(told: Told) -> str:
    """It is gone, and what went with it."""
    return sentences(*gone_in_words(told))


# --- inside -----------------------------------------------------------------------------------------


def _evaluation(told: Told) -> list[str]:
    said = []
    if told["held_out"]:
        before, now = told["held_out"]
        said.append(
            _("Held-out examples: loss {before} → {now}.").format(before=f"{before:.2f}", now=f"{now:.2f}")
        )
    if told["forgetting"] is not None:
        share = told["forgetting"]
        words = (
            _("Forgetting: general texts surprise it {percent} % more than before.")
            if share >= 0
            else _("Forgetting: none, general texts surprise it {percent} % less than before.")
        )
        said.append(words.format(percent=f"{100 * abs(share):.1f}"))
    for one in told["answers"]:
        said.append(f"  {one['question']}\n    – {one['before']}\n    + {one['now']}")
    return said


def _issues(left_out: Sequence[Told], warnings: Sequence[Told]) -> list[str]:
    said = [Issue.from_json(one).text for one in (*left_out, *warnings)]
    more = len(said) - MOST_ISSUES
    return [*said[:MOST_ISSUES], *([_("… and {count} more.").format(count=more)] if more > 0 else [])]
