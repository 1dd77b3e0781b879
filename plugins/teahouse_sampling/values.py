"""Which sampler values are in force, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from teahouse.errors import SettingError
from teahouse.setting import Setting, Value
from teahouse_sampling.presets import RECOMMENDED, Presets
from teahouse_sampling.recommended import recommended
from teahouse_sampling.settings import AREA, CHECKED, PRESET, field_of, key_of, of_presets, to_field

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation

Source = Literal["conversation", "preset", "model", "app", "default"]
NEAREST: tuple[Source, ...] = ("conversation", "preset", "model", "app", "default")
"""From the one that goes before all others to the last."""

Own = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InForce:
    """A value in force: the key of its setting, and where it comes from."""

    key: str
    value: Value
    source: Source


def in_force(
    app: App, conversation: Conversation | Own | None, model: str, *, presets: Presets | None = None
) -> list[InForce]:
    """Every sampler value that a reply of `model` in a conversation is made with; the preset's name first.

    Args:
        conversation: A conversation, or the values of its own, for one that is not on disk yet.
        presets: Made already; saves reading their file again.
    """
    presets = presets or presets_of(app)
    own = _own(conversation)
    choice = _preset(app, own, model, presets)
    of_preset = preset_values(app, str(choice.value), model, presets)
    return [choice, *(_value(app, s, own, of_preset, model) for s in of_presets().values())]


def presets_of(app: App) -> Presets:
    """The presets of this installation."""
    return Presets(app.plugin_storage(AREA))


def preset_values(app: App, name: str, model: str, presets: Presets) -> Mapping[str, Value]:
    """What a preset holds, for a model; empty for no preset, or for one that is gone."""
    if name == RECOMMENDED:
        return recommended(app, model)
    try:
        return presets.get(name).values if name else {}
    except SettingError:
        return {}


def chosen_fields(values: Sequence[InForce]) -> dict[str, Any]:
    """What the hook `choose_sampling` returns: what somebody has chosen, by field.

    A grammar and a JSON Schema cannot both hold: the one that was chosen nearer to the reply does. Chosen
    in one place they are both returned, and the reply is refused.

    Raises:
        SettingError: The text of a list cannot be read.
    """
    chosen = {one.key: one for one in values if one.source != "default" and one.key != PRESET}
    pair = [one for name in CHECKED if (one := chosen.get(key_of(name))) and str(one.value).strip()]
    if len({one.source for one in pair}) == 2:
        further = max(pair, key=lambda one: NEAREST.index(one.source))
        del chosen[further.key]
    return {field_of(key): to_field(key, one.value) for key, one in chosen.items()}


def _own(conversation: Conversation | Own | None) -> Own:
    if conversation is None:
        return {}
    return conversation if isinstance(conversation, Mapping) else conversation.settings


def _preset(app: App, own: Own, model: str, presets: Presets) -> InForce:
    name = own.get(PRESET)
    if isinstance(name, str):
        try:
            presets.check_name(name)
        except SettingError:  # it was removed: as if nothing had been chosen here
            name = None
    if isinstance(name, str):
        return InForce(PRESET, name, "conversation")
    return InForce(PRESET, app.settings.get(PRESET, model), app.settings.source(PRESET, model))


def _value(app: App, setting: Setting, own: Own, of_preset: Mapping[str, Value], model: str) -> InForce:
    if setting.key in own:
        try:
            return InForce(setting.key, setting.check(own[setting.key]), "conversation")
        except SettingError:  # damaged: as if nothing had been chosen here
            pass
    if setting.key in of_preset:
        return InForce(setting.key, of_preset[setting.key], "preset")
    value, source = app.settings.get(setting.key, model), app.settings.source(setting.key, model)
    return InForce(setting.key, value, source)
