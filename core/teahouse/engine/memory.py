"""What a model needed on this machine to run at all, kept over restarts.

Only what helped is kept: smaller or safer values after a crash of native code or for lack of memory, once
a reply or a load has ended well with them. Another processor, another build of llama.cpp or other graphics
cards begin anew, and so does a setting that a person changes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from teahouse.engine.configuration import SAFE_BATCH, EngineConfig

log = logging.getLogger(__name__)

Limits = Mapping[str, tuple[Any, Any]]
"""Name of a value of `EngineConfig` → (what was wanted, what it took)."""

LIMITED = {"context": int, "batch": int, "gpu_layers": int, "kv_type": str, "use_extra_buffers": bool}
FIRST_FILES: tuple[dict[str, tuple[Any, Any]], ...] = (
    {"use_extra_buffers": (True, False)},
    {"batch": (256, SAFE_BATCH)},
    {"gpu_layers": (-1, 0)},
)
"""What the steps meant that the first versions kept as a number."""


class LadderMemory:
    """Limits by model and graphics cards, in a JSON file of one object for each machine.

    Args:
        machine: Names processor and build; see `this_machine`.
    """

    def __init__(self, file: Path, machine: str) -> None:
        self._file = file
        self._machine = machine

    def limits(self, model: str, cards: str = "") -> Limits:
        """What helped this model with these graphics cards; empty where nothing is known."""
        return self.kept().get(model, {}).get(cards, {})

    def kept(self) -> dict[str, dict[str, Limits]]:
        """Everything that is known of this machine: model → cards → limits."""
        rows = self._read().get(self._machine, {})
        found = {model: _by_cards(row) for model, row in rows.items()}
        return {model: by_cards for model, by_cards in found.items() if by_cards}

    def keep(self, model: str, limits: Limits, *, cards: str = "") -> None:
        """Begin with these limits from now on."""
        if self.limits(model, cards) == limits:
            return
        everything = self._read()
        kept = {name: _as_json(found) for name, found in self.kept().get(model, {}).items()}
        everything.setdefault(self._machine, {})[model] = kept | {cards: _as_json(limits)}
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(everything, indent=1), "utf-8")
            part.replace(self._file)
        except OSError as error:  # it is found out again at the next start
            log.info("what helped %s could not be kept in %s: %s", model, self._file, error)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        is_sound = isinstance(found, dict) and all(isinstance(value, dict) for value in found.values())
        return found if is_sound else {}


def apply_limits(config: EngineConfig, limits: Limits) -> EngineConfig:
    """A configuration within the limits; one whose setting has been changed since holds no more."""
    values = {name: value for name, (wanted, value) in limits.items() if getattr(config, name) == wanted}
    if config.flash_attention == "off":
        values.pop("kv_type", None)
    return replace(config, **values)


def differences(before: EngineConfig, after: EngineConfig) -> Limits:
    """What one configuration has smaller or safer than the one before."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in LIMITED}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def this_machine() -> str:
    """A short name for this processor with this build of llama.cpp."""
    try:
        build = version("llama-cpp-python")
    except PackageNotFoundError:
        build = ""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    facts = "\n".join([platform.machine(), platform.processor(), features, build, os.name])
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _by_cards(row: Any) -> dict[str, Limits]:
    """One model's row; a number is what the first versions wrote, and anything else is passed over."""
    if isinstance(row, int):
        steps = FIRST_FILES[: max(row, 0)]
        merged = {name: pair for step in steps for name, pair in step.items()}
        return {"": merged} if merged else {}
    if not isinstance(row, dict):
        return {}
    found = {cards: _limits(value) for cards, value in row.items()}
    return {cards: limits for cards, limits in found.items() if limits}


def _limits(value: Any) -> Limits:
    pairs = value.items() if isinstance(value, dict) else ()
    return {name: (pair[0], pair[1]) for name, pair in pairs if _is_sound(name, pair)}


def _is_sound(name: str, pair: Any) -> bool:
    kind = LIMITED.get(name)
    return kind is not None and isinstance(pair, list) and [type(item) for item in pair] == [kind, kind]


def _as_json(limits: Limits) -> dict[str, list[Any]]:
    return {name: list(pair) for name, pair in limits.items()}
