"""Every sampler value as a setting, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

from teahouse import N_, Setting
from teahouse.engine.sampling import LIMITS, WHOLE, Sampling
from teahouse.setting import Scope, Value
from teahouse.settings import CORE_SETTINGS
from teahouse_sampling.forms import (
    check_grammar,
    check_schema,
    read_biases,
    read_names,
    read_texts,
    write_texts,
)

AREA = "sampling"
PRESET = f"{AREA}.preset"
SEED_CHOSEN = -1
"""As `sampling.seed`: each reply gets a new one."""

EVERYWHERE: frozenset[Scope] = frozenset(("app", "model", "preset", "conversation"))
CHOICE: frozenset[Scope] = frozenset(("app", "model", "conversation"))
"""Where a preset is chosen; it holds no other."""

OF_CORE = {"temperature": "chat.temperature", "max_tokens": "chat.max_tokens"}
"""Fields whose settings are the app's own."""

WORDS = {
    "dynatemp_range": (N_("Dynamic temperature"), N_(
        "The temperature goes up and down by this much: up where the model is undecided; 0 is off.")),
    "dynatemp_exponent": (N_("Dynamic temperature: exponent"), N_(
        "How steeply the dynamic temperature follows how undecided the model is.")),
    "top_k": (N_("Top-k"), N_("Only this many likeliest tokens can be chosen; 0 keeps all.")),
    "top_p": (N_("Top-p"), N_("The likeliest tokens that together reach this share stay; 1 keeps all.")),
    "min_p": (N_("Min-p"), N_("Tokens less likely than this share of the likeliest one go; 0 keeps all.")),
    "typical_p": (N_("Typical-p"), N_(
        "Tokens about as surprising as one expects here stay, up to this share; 1 keeps all.")),
    "top_n_sigma": (N_("Top-n-sigma"), N_(
        "Tokens within this many standard deviations of the best one stay; -1 is off.")),
    "xtc_probability": (N_("XTC: how often"), N_(
        "How often the likeliest tokens are left out, so that a rarer word comes; 0 is off.")),
    "xtc_threshold": (N_("XTC: threshold"), N_(
        "Of the tokens at least this likely XTC keeps only the least likely one.")),
    "repeat_penalty": (N_("Repeat penalty"), N_(
        "Above 1 makes tokens that came lately less likely; 1 is off.")),
    "frequency_penalty": (N_("Frequency penalty"), N_(
        "Makes a token less likely each time that it came lately; 0 is off.")),
    "presence_penalty": (N_("Presence penalty"), N_(
        "Makes a token less likely if it came lately at all; 0 is off.")),
    "repeat_window": (N_("Penalties: window"), N_(
        "How many of the last tokens the three penalties look at; 0 switches them off.")),
    "dry_multiplier": (N_("DRY: strength"), N_(
        "Makes going on with a sequence that came before unlikely; 0 is off.")),
    "dry_base": (N_("DRY: base"), N_("How fast its penalty grows with the length of the repetition.")),
    "dry_allowed_length": (N_("DRY: allowed length"), N_("Repetitions of up to this many tokens are free.")),
    "dry_window": (N_("DRY: window"), N_("How many of the last tokens DRY looks at; -1 is all of them.")),
    "dry_breakers": (N_("DRY: breakers"), N_(
        "Texts across which no repetition is counted, as a JSON list or one in each line.")),
    "mirostat": (N_("Mirostat"), N_(
        "1 or 2 keeps the surprise of the text even, in place of the cuts above; 0 is off.")),
    "mirostat_tau": (N_("Mirostat: surprise"), N_("The surprise, in bits, that mirostat aims at.")),
    "mirostat_eta": (N_("Mirostat: rate"), N_("How fast mirostat corrects itself.")),
    "adaptive_target": (N_("Adaptive-p: target"), N_(
        "Tokens of about this probability are preferred, the choice adapting to the last ones; -1 is off.")),
    "adaptive_decay": (N_("Adaptive-p: decay"), N_("How much of the past adaptive-p takes into account.")),
    "logit_bias": (N_("Biases"), N_(
        "Makes tokens likelier or less likely, as a JSON list of [token id or “text”, bias].")),
    "banned": (N_("Banned words"), N_(
        "Words and phrases that are never written, as a JSON list or one in each line.")),
    "grammar": (N_("Grammar"), N_("The reply follows this grammar, written in GBNF; empty is free.")),
    "json_schema": (N_("JSON Schema"), N_("The reply is JSON that fits this schema; empty is free.")),
    "order": (N_("Order"), N_("The order in which the stages act, with commas; empty is llama.cpp's own.")),
    "off": (N_("Switched off"), N_("Stages that do not act, with commas; their values are kept.")),
    "seed": (N_("Seed"), N_("The same seed makes the same choices; -1 takes a new one for each reply.")),
    "stop": (N_("Stop texts"), N_(
        "Texts that end the reply and are left out, as a JSON list or one in each line.")),
}  # fmt: skip
"""Label and sentence of each field that is a setting of this plugin, in the order of the panel."""

READ: dict[str, Callable[[str, str], Any]] = {
    "dry_breakers": read_texts,
    "logit_bias": read_biases,
    "banned": read_texts,
    "order": read_names,
    "off": read_names,
    "stop": read_texts,
}
"""From key and text to the value of the field."""

CHECKED: dict[str, Callable[[str], object]] = {"grammar": check_grammar, "json_schema": check_schema}


def declare(*, check_preset: Callable[[Any], object]) -> list[Setting]:
    """All settings of the plugin.

    Args:
        check_preset: Raises a SettingError for the name of a preset that there is not.
    """
    preset = Setting(
        PRESET,
        str,
        "",
        N_("Preset"),
        N_("Name of a set of values to use; what is set for a conversation goes before it."),
        scopes=CHOICE,
        rule=check_preset,
    )
    return [preset, *of_fields()]


def of_fields() -> list[Setting]:
    """A setting for each field of `Sampling` and for the stop texts."""
    defaults = {one.name: one.default for one in fields(Sampling)}
    return [_setting(name, defaults.get(name, ())) for name in WORDS]


def of_presets() -> dict[str, Setting]:
    """Key → setting of everything that a preset can hold."""
    core = [setting for setting in CORE_SETTINGS if setting.key in OF_CORE.values()]
    return {setting.key: setting for setting in (*core, *of_fields())}


def key_of(field: str) -> str:
    """The key of the setting that a field of `Sampling`, `max_tokens` or `stop` has."""
    return OF_CORE.get(field, f"{AREA}.{field}")


def field_of(key: str) -> str:
    """The field that a setting is about."""
    return key.rpartition(".")[2]


def to_field(key: str, value: Value) -> Any:
    """What `choose_sampling` returns for a setting's value.

    Raises:
        SettingError: The text of a list cannot be read.
    """
    field = field_of(key)
    if field in READ:
        return READ[field](key, str(value)) or (_default(field) if field == "order" else ())
    if field == "seed":
        return None if value == SEED_CHOSEN else value
    return "" if field in CHECKED and not str(value).strip() else value


def _default(field: str) -> Any:
    return next(one.default for one in fields(Sampling) if one.name == field)


def _setting(name: str, default: Any) -> Setting:
    label, help_text = WORDS[name]
    key, is_text = f"{AREA}.{name}", name not in LIMITS
    if name == "seed":
        return Setting(
            key, int, SEED_CHOSEN, label, help_text, (SEED_CHOSEN, int(LIMITS[name][1])), EVERYWHERE
        )
    if not is_text:
        kind: type[Value] = int if name in WHOLE else float
        least, greatest = LIMITS[name]
        return Setting(key, kind, kind(default), label, help_text, (kind(least), kind(greatest)), EVERYWHERE)
    if name in READ:
        text = write_texts(default) if name == "dry_breakers" else ""
        rule: Callable[[Any], object] = partial(READ[name], key)
    else:
        text, rule = "", CHECKED[name]
    return Setting(key, str, text, label, help_text, (), EVERYWHERE, rule=rule)
