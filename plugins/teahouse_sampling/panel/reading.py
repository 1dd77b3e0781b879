"""Values between the panel and the app: what is in force at a place, and what is kept of a change."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from teahouse.errors import SettingError
from teahouse.jobs import Cancel
from teahouse.setting import Setting, Value
from teahouse_desktop.operations import Operation, quick, tell
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.words import _
from teahouse_sampling.presets import Preset
from teahouse_sampling.settings import PRESET

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_sampling.presets import Presets
    from teahouse_sampling.values import InForce, Source

Scope = Literal["conversation", "preset", "model", "app"]
SCOPES: tuple[Scope, ...] = ("conversation", "preset", "model", "app")

FORMS = {shape.GRAMMAR: shape.SCHEMA, shape.SCHEMA: shape.GRAMMAR}
"""Two values of which only one can hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change goes, and whose values are in force.

    Attributes:
        own: Values of settings that were chosen for the open conversation.
        model: Name of the model that answers in it; empty where there is none.
    """

    scope: Scope = "conversation"
    own: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value.

    Attributes:
        value, source: As the place has it: its own, else that of the next one behind it.
        in_force, wins: What a reply is made with, and where that comes from.
        is_own: Whether it was chosen at the place itself, and so can be taken back there.
    """

    value: Value
    source: Source
    in_force: Value
    wins: Source
    is_own: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What the panel shows.

    Attributes:
        values: By key of a setting.
        preset: The one in force; None for none.
        presets: All of them; the model's own only where it brings values.
        acting: Names of the stages that change anything under the values in force.
    """

    place: Place
    declared: Mapping[str, Setting]
    values: Mapping[str, Shown]
    preset: Preset | None
    preset_source: Source
    presets: tuple[Preset, ...]
    acting: frozenset[str] = frozenset()


def read_values(*, app: App, place: Place) -> Operation:
    """Read everything the panel shows; the result is a `Read`."""

    def read() -> Read:
        from teahouse_sampling.presets import RECOMMENDED
        from teahouse_sampling.values import in_force, preset_values, presets_of

        presets = presets_of(app)
        choice, *values = in_force(app, place.own, place.model, presets=presets)
        listed = {one.name: one for one in presets.list()}
        listed[RECOMMENDED] = replace(
            listed[RECOMMENDED], values=preset_values(app, RECOMMENDED, place.model, presets)
        )
        if not listed[RECOMMENDED].values and choice.value != RECOMMENDED:
            del listed[RECOMMENDED]
        chosen = listed.get(str(choice.value))
        declared = {one.key: one for one in app.settings.declared if one.key in shape.KEYS}
        shown = {one.key: _shown(app, one, place, chosen) for one in values if one.key in declared}
        acting = _acting([choice, *values])
        return Read(place, declared, shown, chosen, choice.source, tuple(listed.values()), acting)

    return replace(quick(_("Reading the sampling values"), read), lane="drafts")


def keep_value(*, app: App, read: Read, key: str, value: Value | None) -> Operation:
    """Choose a value at the place, or take its choice back (None).

    What is chosen for a conversation is only checked: the window keeps it, as it knows of new ones.

    Raises:
        SettingError: The value cannot be; nothing was changed.
    """
    place = read.place

    def keep() -> None:
        if value is not None:
            _check(app, read, key, value)
        if place.scope == "conversation":
            return
        try:
            if place.scope == "preset":
                _keep_in_preset(app, read, key, value)
            else:
                model = place.model if place.scope == "model" else ""
                _keep_setting(app, key, value, model)
        finally:
            tell(app, "settings")

    return replace(quick(_("Keeping the sampling values"), keep), lane="drafts")


def change_presets(*, app: App, title: str, change: Callable[[Any], object]) -> Operation:
    """Do something with the `Presets`; the result is what it returns."""

    def work(cancel: Cancel) -> Generator[Any, None, object]:
        from teahouse_sampling.values import presets_of

        yield from ()
        try:
            return change(presets_of(app))
        finally:
            tell(app, "settings")

    return Operation(title, work, "drafts")


@dataclass(frozen=True, slots=True)
class Removed:
    """A preset that is gone, and the models it was chosen for; an empty name is the whole app."""

    preset: Preset
    models: tuple[str, ...]


def rename_everywhere(app: App, presets: Presets, old: str, to: str) -> Preset:
    """Give a preset another name, also wherever it was chosen.

    Raises:
        SettingError: As `Presets.rename`.
    """
    models = _models_with(app, old)
    renamed = presets.rename(old, to)
    _choose_for(app, models, renamed.name)
    for one in app.store.conversations():
        if one.settings.get(PRESET) == old:
            settings = {**one.settings, PRESET: renamed.name}
            app.store.change_conversation(one.id, settings=settings)
    return renamed


def remove_everywhere(app: App, presets: Presets, name: str) -> Removed:
    """Delete a preset and the app's choices of it; a conversation that has it goes on without.

    Raises:
        SettingError: As `Presets.remove`.
    """
    models = _models_with(app, name)
    removed = presets.remove(name)
    for model in models:
        app.settings.reset(PRESET, model)
    return Removed(removed, models)


def restore(app: App, presets: Presets, removed: Removed) -> Preset:
    """Take a removal back.

    Raises:
        SettingError: As `Presets.save`.
    """
    preset = presets.save(removed.preset.name, removed.preset.values)
    _choose_for(app, removed.models, preset.name)
    return preset


def values_to_save(read: Read) -> dict[str, Value]:
    """What a preset made of the values in force holds: all that somebody has chosen."""
    chosen = {key: one.in_force for key, one in read.values.items() if one.wins != "default"}
    return chosen or {shape.TEMPERATURE: read.values[shape.TEMPERATURE].in_force}


def export_path(chosen: str) -> Path:
    """Where a preset goes; with the usual ending where none was typed."""
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(".json")


# --- inside ---------------------------------------------------------------------------------------


def _acting(values: Sequence[InForce]) -> frozenset[str]:
    """The stages that act; with values that cannot stand together none is known to."""
    from teahouse.chat.parameters import Parameters
    from teahouse_sampling.values import chosen_fields

    try:
        made = Parameters().with_values(chosen_fields(values))
    except SettingError:
        return frozenset()
    is_biased = bool(made.biases) and "logit_bias" not in made.sampling.off  # which tokens only a model tells
    return frozenset((*made.sampling.stages, *(["logit_bias"] if is_biased else [])))


def _shown(app: App, now: InForce, place: Place, preset: Preset | None) -> Shown:
    key, scope = now.key, place.scope
    if scope == "conversation":
        return Shown(now.value, now.source, now.value, now.source, now.source == "conversation")
    if scope == "preset" and preset is not None and key in preset.values:
        return Shown(preset.values[key], "preset", now.value, now.source, True)
    model = "" if scope == "app" else place.model
    value, source = app.settings.get(key, model), app.settings.source(key, model)
    return Shown(value, source, now.value, now.source, source == scope)


def _models_with(app: App, preset: str) -> tuple[str, ...]:
    """For which models a preset was chosen; an empty name is the whole app."""
    names = ["", *app.settings.models_with(PRESET)]
    own = (name for name in names if app.settings.source(PRESET, name) == ("model" if name else "app"))
    return tuple(name for name in own if app.settings.get(PRESET, name) == preset)


def _choose_for(app: App, models: Iterable[str], preset: str) -> None:
    for model in models:
        app.settings.set(PRESET, preset, model)


def _check(app: App, read: Read, key: str, value: Value) -> None:
    setting = next((one for one in app.settings.declared if one.key == key), None)
    if setting is None:
        raise SettingError(_("The setting {key} is gone.").format(key=key), key=key)
    setting.check(value)
    if key in FORMS and value and read.values[FORMS[key]].in_force:
        text = _("Not kept: a grammar and a JSON Schema cannot both hold.")
        raise SettingError(text, _("Empty the other one first."), key=key)


def _keep_setting(app: App, key: str, value: Value | None, model: str) -> None:
    if value is None:
        app.settings.reset(key, model)
    else:
        app.settings.set(key, value, model)


def _keep_in_preset(app: App, read: Read, key: str, value: Value | None) -> None:
    from teahouse_sampling.values import presets_of

    if read.preset is None or key == PRESET:
        return
    presets = presets_of(app)
    values = {one: held for one, held in presets.get(read.preset.name).values.items() if one != key}
    presets.save(read.preset.name, values if value is None else {**values, key: value})
