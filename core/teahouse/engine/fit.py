"""Where a model goes on this machine: as many layers on the graphics cards as fit, and a context that does.

Nothing here starts a process or touches a device: `plan` and `describe` are reckoning alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from teahouse.engine import cache
from teahouse.engine.configuration import LEAST_CONTEXT, EngineConfig, from_settings, memory_ladder
from teahouse.engine.devices import Device
from teahouse.engine.estimate import (
    Estimate,
    Slots,
    can_quantize_cache,
    compute_bytes,
    estimate,
    slots,
)
from teahouse.language import _, listed, sentences
from teahouse.models.header import Header
from teahouse.models.library import Model
from teahouse.settings import Settings

MARGIN = 16
"""One part in so many of what is free stays free: the estimate is rough and other programs live too."""
CARD_MARGIN_BYTES = 256 << 20
"""What a driver takes on a card for itself."""
LEAST_SAID_BYTES = 50_000_000
"""Less is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model will be run.

    Attributes:
        gpu_layers: Layers on graphics cards, of `all_layers`; the output counts as one.
        reasons: What was made smaller and why, in sentences for the person.
        shortage_bytes: What is missing in the machine's memory even so; 0 where it fits.
    """

    gpu_layers: int
    all_layers: int
    config: EngineConfig
    estimate: Estimate
    reasons: tuple[str, ...] = ()
    shortage_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FitReport:
    """Whether a model fits, for the window and the terminal.

    Attributes:
        will_fit: None where the file says too little or free memory cannot be known.
        text: The same in words.
    """

    will_fit: bool | None
    text: str
    plan: Plan | None = None


def plan(
    header: Header,
    config: EngineConfig,
    devices: Sequence[Device],
    free_memory_bytes: int | None,
    *,
    least_context: int = LEAST_CONTEXT,
    most_layers: int | None = None,
) -> Plan:
    """Place a model.

    Layers are chosen first, for the whole context: more memory on a card never gives fewer layers.
    Where the machine's own memory is then short, the context is halved down to `least_context`, keys
    and values are kept as q8_0, and the batch gets smaller, in this order and as far as need be. States of
    what was read get what is free then, within their limit: nothing is made smaller for them.

    Args:
        devices: The cards that may be used; empty for none.
        free_memory_bytes: Of the machine; None checks nothing.
        most_layers: No more layers on cards, because more have failed before; None for any number.
    """
    wanted = replace(config, context=min(config.context, header.context_length or config.context))
    cards, reasons = _chosen_cards(wanted, devices)
    share = _share(header, wanted, cards, most_layers)
    placed = _placed(wanted, cards, share)
    used = [card for card in cards if card.name in placed.devices]
    for taken in _host_steps(header, placed, least_context):
        needs = estimate(header, taken, share=placed.split)
        missing = _shortage(needs, used, free_memory_bytes)
        if not missing:
            break
    if taken != placed:
        reasons.append(_("Memory is short: {changes}.").format(changes=changes_text(placed, taken)))
    states = _states_bytes(needs, used, free_memory_bytes)
    needs, taken = replace(needs, states=states), replace(taken, states_bytes=states)
    return Plan(sum(share), len(header.kv_heads) + 1, taken, needs, tuple(reasons), missing)


def describe(
    model: Model,
    settings: Settings,
    devices: Sequence[Device] = (),
    *,
    free_memory_bytes: int | None = None,
) -> FitReport:
    """Whether a model fits with the settings in force, in numbers and in words.

    Args:
        devices: The graphics cards that may be used, `Machine.cards`; empty for none.
    """
    if model.header is None:
        return FitReport(None, _("How much memory it takes is not known."))
    found = plan(
        model.header,
        from_settings(settings, model.name),
        devices,
        free_memory_bytes,
        least_context=least_context(settings, model.name),
    )
    will_fit = None if free_memory_bytes is None else not found.shortage_bytes
    words = [needs_text(found), states_text(found), placed_text(found), *found.reasons]
    if will_fit is False:
        words.append(_("There is not enough memory for it now."))
    return FitReport(will_fit, sentences(*words), found)


def least_context(settings: Settings, model: str) -> int:
    """The shortest context a model may be given: what a person has chosen stays, the default may shrink."""
    is_chosen = settings.is_chosen("engine.context", model)
    return int(settings.get("engine.context", model)) if is_chosen else LEAST_CONTEXT


# --- words ------------------------------------------------------------------------------------------


def needs_text(found: Plan) -> str:
    """“It takes about 0.8 GB: …”."""
    needs = found.estimate
    text = _(
        "It takes about {total} GB: {weights} GB weights, {context} GB for a context of {tokens} tokens, "
        "{rest} GB for computing."
    )
    return text.format(
        total=gigabytes(needs.total),
        weights=gigabytes(needs.weights),
        context=gigabytes(needs.context),
        tokens=found.config.context,
        rest=gigabytes(needs.compute + needs.process),
    )


def states_text(found: Plan) -> str:
    """What it may come to take beyond that; empty for nothing."""
    if found.estimate.states < LEAST_SAID_BYTES:
        return ""
    text = _("What it has read of other conversations may take up to {size} GB more.")
    return text.format(size=gigabytes(found.estimate.states))


def placed_text(found: Plan) -> str:
    """Where the layers go, in one sentence."""
    if not found.gpu_layers:
        return _("All of it runs on the processor.")
    names = listed(found.config.devices)
    if found.gpu_layers == found.all_layers:
        return _("All {count} layers go to {devices}.").format(count=found.all_layers, devices=names)
    text = _("{count} of {all} layers go to {devices}, the others stay on the processor.")
    return text.format(count=found.gpu_layers, all=found.all_layers, devices=names)


def gigabytes(size_bytes: int) -> str:
    """`0.8`: never rounded to nothing."""
    return f"{max(size_bytes / 1e9, 0.1):.1f}"


def changes_text(before: EngineConfig, after: EngineConfig) -> str:
    """What differs between two configurations, as clauses with commas."""
    clauses = [
        (before.context != after.context, _("the context is {tokens} tokens instead of {before}")),
        (before.kv_type != after.kv_type, _("the context is kept as {kv_type}")),
        (before.batch != after.batch, _("{batch} tokens are read in one step")),
        (
            before.gpu_layers != after.gpu_layers and after.gpu_layers > 0,
            _("{layers} layers are on the graphics card"),
        ),
        (before.gpu_layers != after.gpu_layers and after.gpu_layers == 0, _("no graphics card is used")),
        (
            before.use_extra_buffers != after.use_extra_buffers,
            _("special instructions of the processor are not used"),
        ),
    ]
    values = {
        "tokens": after.context,
        "before": before.context,
        "kv_type": after.kv_type,
        "batch": after.batch,
        "layers": after.gpu_layers,
    }
    return listed(text.format(**values) for differs, text in clauses if differs)


# --- inside -----------------------------------------------------------------------------------------


def _chosen_cards(config: EngineConfig, devices: Sequence[Device]) -> tuple[list[Device], list[str]]:
    """The cards to use, the one to be filled first at the end, where the output lies; and a complaint."""
    cards = sorted((d for d in devices if d.can_hold_layers), key=lambda card: card.free_bytes)
    if not config.main_device:
        return cards, []
    named = [card for card in cards if card.name == config.main_device]
    if named or config.gpu_layers == 0:
        return named, []
    if not cards:
        text = _("The device {name} is not there; the processor is used.")
        return [], [text.format(name=config.main_device)]
    names = listed(card.name for card in cards)
    text = _("There is no graphics card named “{name}” here (there are: {names}); all are used.")
    return cards, [text.format(name=config.main_device, names=names)]


def _share(
    header: Header, config: EngineConfig, cards: Sequence[Device], most_layers: int | None
) -> tuple[int, ...]:
    """Layers for each card: what a person has asked for, else all that fit."""
    parts = slots(header, config)
    count = len(parts.sizes)
    asked = count if config.gpu_layers < 0 else config.gpu_layers
    most = min(asked, count if most_layers is None else most_layers, count)
    if not cards or most == 0:
        return tuple(0 for _card in cards)
    fitting = _fill(parts, cards, most=most, step=compute_bytes(header, config))
    missing = most - sum(fitting)
    if config.gpu_layers < 0 or missing <= 0:
        return fitting
    return (*fitting[:-1], fitting[-1] + missing)  # asked for in so many words: it is tried


def _fill(parts: Slots, cards: Sequence[Device], *, most: int, step: int) -> tuple[int, ...]:
    """Fill the last card first, from the output backwards, then the one before it."""
    sizes = list(reversed(parts.sizes))[:most]
    taken, share = 0, []
    for card in reversed(cards):
        room = card.free_bytes - card.free_bytes // MARGIN - CARD_MARGIN_BYTES - step
        fitting = sum(1 for size in accumulate(sizes[taken:]) if size <= room)
        share.append(fitting)
        taken += fitting
    return tuple(reversed(share))


def _placed(config: EngineConfig, cards: Sequence[Device], share: tuple[int, ...]) -> EngineConfig:
    used = [(card.name, count) for card, count in zip(cards, share, strict=True) if count]
    return replace(
        config,
        gpu_layers=sum(share),
        devices=tuple(name for name, _count in used),
        split=tuple(count for _name, count in used),
    )


def _host_steps(header: Header, placed: EngineConfig, least_context: int) -> list[EngineConfig]:
    """The memory ladder without its steps for cards: moving layers off a card takes more of the machine's."""
    steps = memory_ladder(
        replace(placed, gpu_layers=0), least_context=least_context, can_quantize=can_quantize_cache(header)
    )
    return [replace(step, gpu_layers=placed.gpu_layers) for step in steps]


def _shortage(needs: Estimate, cards: Sequence[Device], free_bytes: int | None) -> int:
    """Bytes missing in the machine's memory."""
    return 0 if free_bytes is None else max(0, -_room(needs, cards, free_bytes))


def _states_bytes(needs: Estimate, cards: Sequence[Device], free_bytes: int | None) -> int:
    """Bytes for states of what was read: their limit, or what is left."""
    limit = cache.limit_bytes()
    return limit if free_bytes is None else min(limit, max(0, _room(needs, cards, free_bytes)))


def _room(needs: Estimate, cards: Sequence[Device], free_bytes: int) -> int:
    """Bytes left in the machine's memory; what lies on a card that shares it counts too."""
    shared = sum(needs.devices) if cards and all(card.shares_memory for card in cards) else 0
    return free_bytes - free_bytes // MARGIN - needs.host - shared
