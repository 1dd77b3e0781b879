"""What a model's own file or the catalogue recommends: the keys `general.sampling.*` of the GGUF.

Source: `gguf-py/gguf/constants.py` and `common/common.cpp` of llama.cpp, which takes them the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from teahouse.engine.sampling import ORDER
from teahouse.errors import ModelError, SettingError
from teahouse.setting import Value
from teahouse_sampling.settings import of_presets

if TYPE_CHECKING:
    from teahouse.app import App

PREFIX = "general.sampling."

KEYS = {
    "temp": "chat.temperature",
    "top_k": "sampling.top_k",
    "top_p": "sampling.top_p",
    "min_p": "sampling.min_p",
    "xtc_probability": "sampling.xtc_probability",
    "xtc_threshold": "sampling.xtc_threshold",
    "penalty_last_n": "sampling.repeat_window",
    "penalty_repeat": "sampling.repeat_penalty",
    "mirostat": "sampling.mirostat",
    "mirostat_tau": "sampling.mirostat_tau",
    "mirostat_eta": "sampling.mirostat_eta",
}
NAMES = {"typ_p": "typical_p", "temp": "temperature"}
"""Names of stages that llama.cpp writes otherwise."""
FORBIDDING = ("logit_bias", "banned", "grammar")
"""Stages that a sequence does not name; they are a person's own."""
WHOLE_CONTEXT = 1_000_000


def recommended(app: App, model: str) -> dict[str, Value]:
    """What a model's file recommends, by key of a setting; empty where it says nothing or is not here."""
    try:
        header = app.models.look_up(model).header if model else None
    except ModelError:
        return {}
    return of_metadata(header.metadata) if header else {}


def of_metadata(metadata: Mapping[str, Any]) -> dict[str, Value]:
    """The same from the metadata of a GGUF; what is not allowed here is left out."""
    declared = of_presets()
    found: dict[str, Value] = {}
    for key, value in _given(metadata):
        try:
            found[key] = declared[key].check(value)
        except SettingError:
            continue
    return found


def _given(metadata: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, key in KEYS.items():
        value = metadata.get(PREFIX + name)
        if isinstance(value, float):
            value = float(f"{value:.6g}")  # stored as 32 bits: 0.8 is 0.800000011920929
            value = int(value) if name in ("top_k", "penalty_last_n", "mirostat") else value
        if name == "penalty_last_n" and value == -1:
            value = WHOLE_CONTEXT
        if value is not None:
            yield key, value
    sequence = metadata.get(PREFIX + "sequence")
    if isinstance(sequence, str) and sequence:
        yield from _sequence(sequence)


def _sequence(text: str) -> Iterator[tuple[str, str]]:
    """Order of the stages that are named; the others are switched off."""
    names = [NAMES.get(name.strip(), name.strip()) for name in text.split(";")]
    known = [name for place, name in enumerate(names) if name in ORDER and name not in names[:place]]
    if known:
        yield "sampling.order", ", ".join([*FORBIDDING, *known])
        off = [name for name in ORDER if name not in (*known, *FORBIDDING, "mirostat", "adaptive_p")]
        yield "sampling.off", ", ".join(off)
