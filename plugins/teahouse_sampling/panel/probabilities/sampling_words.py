"""Sampler values in a few words: those that act, in their order."""

from __future__ import annotations

from teahouse.engine.sampling import Sampling
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.stage_words import stage_name
from teahouse_sampling.panel.words import _

VALUES = {
    "penalties": "repeat_penalty",
    "dry": "dry_multiplier",
    "top_n_sigma": "top_n_sigma",
    "top_k": "top_k",
    "typical_p": "typical_p",
    "top_p": "top_p",
    "min_p": "min_p",
    "xtc": "xtc_probability",
    "temperature": "temperature",
    "mirostat": "mirostat",
    "adaptive_p": "adaptive_target",
}


def sampling_in_words(sampling: Sampling) -> str:
    """The stages that act with their main value: `Top-k 40 › Top-p 0.95 › Temperature 0.7`."""
    if sampling.is_greedy:
        head = [_stage(sampling, name) for name in sampling.stages if name != "temperature"]
        return " › ".join([*head, _("always the likeliest")])
    said = [_stage(sampling, name) for name in sampling.stages]
    return " › ".join(said) if said else _("nothing but chance")


def _stage(sampling: Sampling, name: str) -> str:
    field = VALUES.get(name)
    if field is None:
        return stage_name(name)
    value = getattr(sampling, field)
    shown = token_words.count(value) if isinstance(value, int) else f"{value:g}"
    return f"{stage_name(name)} {shown}"
