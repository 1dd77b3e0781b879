"""What stands where on the panel: the stages of the chain with their values, and how numbers are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from teahouse.setting import Setting
from teahouse_desktop.forms import Span
from teahouse_sampling.panel.words import N_, _

TEMPERATURE, MAX_TOKENS, STOP, SEED = "chat.temperature", "chat.max_tokens", "sampling.stop", "sampling.seed"
ORDER, OFF = "sampling.order", "sampling.off"
BIAS, BANNED, BREAKERS = "sampling.logit_bias", "sampling.banned", "sampling.dry_breakers"
GRAMMAR, SCHEMA = "sampling.grammar", "sampling.json_schema"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the chain.

    Attributes:
        name: As llama.cpp calls it.
        keys: Of the settings that it reads, the important ones first.
        sentence: What it does, marked for translation; where empty, the first setting's words say it.
    """

    name: str
    keys: tuple[str, ...]
    sentence: str = ""


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"sampling.{name}" for name in names)


STAGES = (
    Stage(
        "logit_bias",
        _of("logit_bias"),
        N_("Adds a fixed amount to the score of single tokens, so that they come more or less often."),
    ),
    Stage("banned", _of("banned"), N_("These words and phrases are never written.")),
    Stage(
        "grammar",
        _of("json_schema", "grammar"),
        N_("Only tokens that fit a JSON Schema or a grammar can be chosen."),
    ),
    Stage(
        "penalties",
        _of("repeat_penalty", "frequency_penalty", "presence_penalty", "repeat_window"),
        N_("Makes tokens that came lately less likely."),
    ),
    Stage(
        "dry",
        _of("dry_multiplier", "dry_base", "dry_allowed_length", "dry_window", "dry_breakers"),
        N_("Makes saying a whole sequence again unlikely; the longer it is, the less likely."),
    ),
    Stage("top_n_sigma", _of("top_n_sigma")),
    Stage("top_k", _of("top_k")),
    Stage("typical_p", _of("typical_p")),
    Stage("top_p", _of("top_p")),
    Stage("min_p", _of("min_p")),
    Stage(
        "xtc",
        _of("xtc_probability", "xtc_threshold"),
        N_("Now and then leaves out the likeliest tokens, so that the text takes another turn."),
    ),
    Stage("temperature", (TEMPERATURE, *_of("dynatemp_range", "dynatemp_exponent"))),
    Stage("mirostat", _of("mirostat", "mirostat_tau", "mirostat_eta")),
    Stage(
        "adaptive_p",
        _of("adaptive_target", "adaptive_decay"),
        N_("Prefers tokens of about one probability, and makes up for what came before."),
    ),
)

STAGE: Mapping[str, Stage] = {stage.name: stage for stage in STAGES}

OF_KEY: Mapping[str, str] = {key: stage.name for stage in STAGES for key in stage.keys}
"""Key → name of the stage that reads it."""

BASICS = (TEMPERATURE, "sampling.top_p", "sampling.min_p", "sampling.top_k", MAX_TOKENS, SEED)
"""What most people want, in this order; those of stages stand at their stage too."""

ENDING = (STOP,)

KEYS = (ORDER, OFF, *dict.fromkeys((*BASICS, *ENDING, *OF_KEY)))
"""Every setting that the panel shows."""

SENTENCES: Mapping[str, str] = {
    BIAS: "",
    BANNED: N_("One on each line; \\n stands for the end of a line."),
    BREAKERS: N_("No repetition is counted across these texts: one on each line, \\n for the end of a line."),
    STOP: N_("These texts end the reply and are left out: one on each line, \\n for the end of a line."),
    SEED: N_("The same seed makes the same choices."),
}
"""What values do that are changed here in another way than in the file of settings."""

USUAL: Mapping[str, tuple[float, float]] = {
    "chat.temperature": (0, 2),
    "chat.max_tokens": (1, 32_768),
    "sampling.top_k": (0, 1000),
    "sampling.repeat_penalty": (0.8, 1.5),
    "sampling.repeat_window": (0, 4096),
    "sampling.dynatemp_range": (0, 2),
    "sampling.dynatemp_exponent": (0.1, 4),
    "sampling.top_n_sigma": (0, 5),
    "sampling.dry_multiplier": (0, 2),
    "sampling.dry_base": (1, 4),
    "sampling.dry_allowed_length": (1, 20),
    "sampling.dry_window": (0, 4096),
    "sampling.mirostat_tau": (0, 10),
    "sampling.adaptive_target": (0, 1),
}
"""Where a slider is; beyond it one types."""

SPREAD = {
    *(MAX_TOKENS, "sampling.top_k", "sampling.repeat_window", "sampling.dry_allowed_length"),
    "sampling.dry_window",
}
"""Counts whose slider is finer among small numbers."""


def span_of(setting: Setting) -> Span:
    """What a number may be, and how it is slid."""
    least, greatest = setting.limits
    is_whole = setting.type is int
    named: dict[str, dict[float, str]] = {
        "sampling.top_k": {0: _("all")},
        "sampling.top_n_sigma": {-1.0: _("off")},
        "sampling.repeat_window": {0: _("off")},
        "sampling.dry_window": {-1: _("all"), 0: _("off")},
        "sampling.adaptive_target": {-1.0: _("off")},
    }
    words = named.get(setting.key, {})
    step = 1.0 if is_whole else 0.01 if greatest - least <= 2 else 0.05
    return Span(least, greatest, is_whole, USUAL.get(setting.key), step, setting.key in SPREAD, words)
