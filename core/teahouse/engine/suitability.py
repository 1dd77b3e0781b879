"""Whether a model suits this machine, in a word: by its header, or before it is here by its size.

A size alone tells the weights exactly and the rest roughly: how much a token in view takes follows from the
number of parameters, a little more than most families take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from teahouse.engine import fit
from teahouse.engine.configuration import LEAST_CONTEXT, EngineConfig, from_settings
from teahouse.engine.devices import Machine, free_memory
from teahouse.engine.estimate import KV_BYTES, PROCESS_BYTES
from teahouse.errors import AppError
from teahouse.language import _
from teahouse.models.header import Header

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.library import Model
    from teahouse.models.repository import HubFile

Level = Literal["fits", "shorter", "tight", "short", "unknown"]

BITS_PER_NUMBER = 4.8
"""Of Q4_K_M, the usual quantisation; from it the parameters are guessed where nothing tells them."""
TOKEN_NUMBERS_OF_1B = 15_000
"""Numbers that a token's keys and values have in a model of 10⁹ parameters."""
GROWTH = 0.65
"""They grow slower than the parameters: 10,000 at 0.5 · 10⁹, 58,000 at 8 · 10⁹, 240,000 at 70 · 10⁹."""
STEP_BYTES = 240 << 20
"""Buffers of one step and tables of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Suitability:
    """How a model goes with what is free.

    Attributes:
        level: `fits` as wanted; `shorter`: with a smaller context; `tight`: with less in other ways;
            `short`: not at all now; `unknown`.
        needs_bytes: What it takes as it would be run; 0 where that is not known.
        context: Tokens it would keep in view; 0 where that is not known.
        is_rough: Whether it was reckoned from the size alone.
    """

    level: Level
    needs_bytes: int = 0
    context: int = 0
    is_rough: bool = False

    @property
    def label(self) -> str:
        """The verdict in a few words, in the language in force."""
        return {
            "fits": _("fits"),
            "shorter": _("fits with a smaller context"),
            "tight": _("just fits"),
            "short": _("will not fit"),
            "unknown": _("not known whether it fits"),
        }[self.level]


def of_model(app: App, model: Model, machine: Machine) -> Suitability:
    """How a model that is here goes with the settings in force for it."""
    if model.header is None:
        return Suitability("unknown")
    least = fit.least_context(app.settings, model.name)
    return of_header(model.header, from_settings(app.settings, model.name), machine, least_context=least)


def of_header(
    header: Header, config: EngineConfig, machine: Machine, *, least_context: int = LEAST_CONTEXT
) -> Suitability:
    """From all that a file says of itself."""
    found = fit.plan(header, config, machine.cards, machine.free_bytes, least_context=least_context)
    needs, context = found.estimate.total, found.config.context
    wanted = min(config.context, header.context_length or config.context)
    if machine.free_bytes is None:
        return Suitability("unknown", needs, context)
    if found.shortage_bytes:
        return Suitability("short", needs, context)
    if context < wanted:
        return Suitability("shorter", needs, context)
    is_less = (found.config.kv_type, found.config.batch) != (config.kv_type, config.batch)
    return Suitability("tight" if is_less else "fits", needs, context)


def of_size(
    size_bytes: int, config: EngineConfig, machine: Machine, *, parameters: int = 0, context_length: int = 0
) -> Suitability:
    """From the size of a file that is not here.

    Args:
        parameters: 0 where nobody tells them.
        context_length: Tokens it was trained to keep in view; 0 where nobody tells them.
    """
    wanted = min(config.context, context_length or config.context)
    parameters = parameters or round(size_bytes * 8 / BITS_PER_NUMBER)
    needs = _rough_bytes(size_bytes, parameters, replace(config, context=wanted))
    if not size_bytes or machine.free_bytes is None:
        return Suitability("unknown", needs if size_bytes else 0, wanted, is_rough=True)
    room = _room(machine)
    context = wanted
    while needs > room and context > LEAST_CONTEXT:
        context = max(context // 2, LEAST_CONTEXT)
        needs = _rough_bytes(size_bytes, parameters, replace(config, context=context))
    level: Level = "short" if needs > room else "shorter" if context < wanted else "fits"
    return Suitability(level, needs, context, is_rough=True)


def of_file(file: HubFile, config: EngineConfig, machine: Machine) -> Suitability:
    """How a file of a hub goes with what is free."""
    about = file.repository
    return of_size(
        file.size_bytes,
        config,
        machine,
        parameters=about.parameters,
        context_length=about.context_length,
    )


def look_at(app: App) -> Machine:
    """What this machine has for a model that is loaded next: what the loaded ones hold becomes free then.

    Starts a child process where no model was loaded yet; where that dies, only the memory is known.
    """
    from teahouse.engine.probe import look

    try:
        machine = app.engines.machine or look(app.workers)
    except AppError:
        machine = Machine()
    free_bytes = free_memory()
    if free_bytes is None:
        return replace(machine, free_bytes=None)
    engines = (app.engines.get(name) for name in app.engines.loaded)
    held = held_bytes(engine.pid for engine in engines if engine is not None)
    return replace(machine, free_bytes=free_bytes + held)


def held_bytes(pids: Iterable[int], root: Path = Path("/proc")) -> int:
    """Memory of processes that nobody shares with them; what is only mapped from a file counts as free.

    Linux; 0 elsewhere.
    """
    return sum(_held(root / str(pid) / "status") for pid in pids)


def _held(status: Path) -> int:
    try:
        lines = status.read_text("utf-8").splitlines()
    except OSError:  # it has just ended, or this system tells it in another way
        return 0
    found = (line.split() for line in lines if line.startswith("RssAnon:"))
    return sum(int(words[1]) << 10 for words in found)


def _rough_bytes(size_bytes: int, parameters: int, config: EngineConfig) -> int:
    count, block_bytes = KV_BYTES[config.kv_type]
    token_bytes = TOKEN_NUMBERS_OF_1B * float((parameters / 1e9) ** GROWTH) * block_bytes / count
    return size_bytes + round(token_bytes * config.context) + PROCESS_BYTES + STEP_BYTES


def _room(machine: Machine) -> int:
    """Bytes on all cards with memory of their own, and in the machine's."""
    free = machine.free_bytes or 0
    own = [card for card in machine.cards if not card.shares_memory]
    cards = (card.free_bytes - card.free_bytes // fit.MARGIN - fit.CARD_MARGIN_BYTES for card in own)
    return free - free // fit.MARGIN + sum(size for size in cards if size > 0)
