"""Sentences that both the terminal and the panel say of runs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from teahouse import N_, Translator
from teahouse.cli.console import size_text
from teahouse.language import listed

if TYPE_CHECKING:
    from teahouse_training.discarding import Discarded
    from teahouse_training.values import RunProgress, Stage, State

_ = Translator("teahouse_training")

STATES: dict[State, str] = {
    "prepared": N_("ready to start"),
    "running": N_("running"),
    "paused": N_("paused"),
    "interrupted": N_("interrupted"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    "done": N_("done"),
    "kept": N_("kept"),
}
STAGES: dict[Stage, str] = {
    "reading": N_("Reading the examples …"),
    "preparing": N_("Turning the examples into tokens …"),
    "loading": N_("Loading the model for training …"),
    "training": N_("Training …"),
    "writing": N_("Writing what was learned …"),
}


def command_line(word: str, name: str) -> str:
    """A command about a run, ready to be pasted into a terminal."""
    return f"teahouse train {word} {shlex.quote(name)}"


def state_name(state: State) -> str:
    """How a run stands, in a word or two."""
    return _(STATES[state])


def stage_text(stage: Stage) -> str:
    """What is being done."""
    return _(STAGES[stage])


def duration(seconds: float) -> str:
    """A time as people say it: 45 s, 3 min, 2 h 5 min."""
    whole = round(seconds)
    if whole < 90:
        return _("{count} s").format(count=whole)
    minutes = round(whole / 60)
    if minutes < 90:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def going_in_words(found: Discarded) -> list[str]:
    """What goes with a run that is discarded, and what stays, in sentences."""
    said = [_("The training “{name}” would go, with its checkpoints and its copy of the rows.")]
    if found.adapter:
        said.append(_("Its adapter “{adapter}” would leave the library."))
    if found.made_model:
        said.append(_("The model “{made_model}” that came out of it would be deleted ({size})."))
    if found.kept_model:
        said.append(_("The model “{kept_model}” stays: its file is another one than this training wrote."))
    said.append(_("Your own data and the model that was trained stay as they are."))
    told = found.as_json() | {"size": size_text(found.model_bytes)}
    return [words.format(**told) for words in said]


def gone_in_words(told: Mapping[str, Any]) -> list[str]:
    """What went with a run that was discarded, and what stays, in sentences."""
    said = [_("The run {name} is deleted. Your data is as it was.")]
    if told["adapter"]:
        said.append(_("Its adapter “{adapter}” has left the library."))
    if told["made_model"]:
        said.append(_("The model “{made_model}” that came out of it was deleted: {size} are free again."))
    if told["kept_model"]:
        said.append(_("The model “{kept_model}” stays: its file is another one than this training wrote."))
    return [words.format(**told, size=size_text(told["model_bytes"])) for words in said]


def progress_text(progress: RunProgress) -> str:
    """One line: where it is, how well it learns, how long it takes."""
    if progress.stage != "training" or not progress.steps:
        return stage_text(progress.stage)
    said = [_("Step {step} of {steps}").format(step=progress.step, steps=progress.steps)]
    row = progress.row or {}
    if row.get("kind") == "step":
        said.append(_("loss {loss}").format(loss=f"{row['loss']:.3f}"))
    if speed := progress.tokens_per_s:
        said.append(_("{speed} tokens/s").format(speed=round(speed)))
    if progress.eta_s is not None:
        said.append(_("{time} left").format(time=duration(progress.eta_s)))
    return listed(said)
