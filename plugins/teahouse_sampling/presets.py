"""Presets: named sets of sampler values, those that come with the app and a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import N_, Translator
from teahouse.errors import SettingError
from teahouse.setting import Value
from teahouse_sampling import exchange
from teahouse_sampling.preset_file import PresetFile
from teahouse_sampling.settings import of_presets

if TYPE_CHECKING:
    from teahouse.plugins.storage import PluginStorage

_ = Translator("teahouse_sampling")

RECOMMENDED = "recommended"
"""The preset whose values the model itself brings; empty where it brings none."""

BUILT_IN: dict[str, tuple[str, dict[str, Value]]] = {
    "precise": (N_("Precise"), {
        "chat.temperature": 0.2, "sampling.top_k": 40, "sampling.top_p": 0.9, "sampling.min_p": 0.1}),
    "balanced": (N_("Balanced"), {
        "chat.temperature": 0.7, "sampling.top_k": 40, "sampling.top_p": 0.95, "sampling.min_p": 0.05}),
    "creative": (N_("Creative"), {
        "chat.temperature": 1.1, "sampling.top_k": 0, "sampling.top_p": 0.98, "sampling.min_p": 0.05}),
    "deterministic": (N_("Deterministic"), {"chat.temperature": 0.0, "sampling.seed": 0}),
    RECOMMENDED: (N_("The model's own"), {}),
}  # fmt: skip
"""Name → title and values."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of values.

    Attributes:
        name: What is stored where it is chosen.
        title: What people read.
        values: Key of a setting → value.
        left_out: Of an imported file: values that are not known here.
    """

    name: str
    title: str
    values: Mapping[str, Value] = field(default_factory=dict)
    is_built_in: bool = False
    left_out: tuple[str, ...] = ()


class Presets:
    """All presets; any thread may ask."""

    def __init__(self, storage: PluginStorage) -> None:
        self._declared = of_presets()
        self._file = PresetFile(storage, self._declared)

    def list(self) -> list[Preset]:
        """Those that come with the app, then a person's own by name."""
        built_in = [Preset(name, _(title), values, True) for name, (title, values) in BUILT_IN.items()]
        own = self._file.read()
        return built_in + [Preset(name, name, own[name]) for name in sorted(own, key=str.casefold)]

    def get(self, name: str) -> Preset:
        """The preset of this name.

        Raises:
            SettingError: There is none; lists those there are.
        """
        if name in BUILT_IN:
            title, values = BUILT_IN[name]
            return Preset(name, _(title), values, True)
        own = self._file.read()
        if name not in own:
            raise SettingError(
                _("There is no preset “{name}”.").format(name=name),
                _("There are: {names}.").format(names=", ".join([*BUILT_IN, *own])),
                key="sampling.preset",
            )
        return Preset(name, name, own[name])

    def check_name(self, name: str) -> None:
        """Refuse a name that no preset has; the empty one is none, which may be chosen.

        Raises:
            SettingError: There is none; lists those there are.
        """
        if name:
            self.get(name)

    def save(self, name: str, values: Mapping[str, Value]) -> Preset:
        """Keep values under a name of one's own, in the place of what it held.

        Raises:
            SettingError: The name or a value is not allowed, or the file cannot be written.
        """
        wanted, checked = self._checked_name(name), self.checked(values)
        with self._file.changing() as own:
            own[wanted] = checked
        return Preset(wanted, wanted, checked)

    def rename(self, name: str, to: str) -> Preset:
        """Give one's own preset another name.

        Raises:
            SettingError: There is none, it came with the app, the new name is taken or not allowed.
        """
        wanted = self._checked_name(to)
        with self._file.changing() as own:
            self._check_own(name, own)
            if wanted in own and wanted != name:
                raise SettingError(_("There is a preset “{name}” already.").format(name=wanted))
            own[wanted] = own.pop(name)
            return Preset(wanted, wanted, own[wanted])

    def remove(self, name: str) -> Preset:
        """Delete one's own preset; what it held is returned, so that it can be saved again.

        Raises:
            SettingError: There is none, or it came with the app.
        """
        with self._file.changing() as own:
            self._check_own(name, own)
            held = self.get(name)  # what of it this version knows: the file may hold more
            del own[name]
            return held

    def export(self, name: str, path: Path) -> Path:
        """Write a preset to a file of its own.

        Raises:
            SettingError: There is none, or the file cannot be written.
        """
        preset = self.get(name)
        exchange.write(path, preset.title, dict(preset.values))
        return path

    def import_(self, path: Path) -> Preset:
        """Take in a preset from a file; one whose name is taken gets a number behind it.

        Raises:
            SettingError: The file is no preset, or a value in it is not allowed; nothing was changed.
        """
        found = exchange.read(path)
        known = {key: value for key, value in found.values.items() if key in self._declared}
        if not known:
            raise exchange.foreign(path, _("it holds no sampling value"))
        checked = self.checked(known)
        with self._file.changing() as own:
            name = self._free_name(found.name, own)
            own[name] = checked
        left_out = tuple(key for key in found.values if key not in known)
        return Preset(name, name, checked, left_out=left_out)

    def checked(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """The values, each in its setting's type.

        Raises:
            SettingError: One is not allowed, or is nothing that a preset holds.
        """
        for key in values:
            if key not in self._declared:
                raise SettingError(_("A preset cannot hold {key}.").format(key=key), key=key)
        return {key: self._declared[key].check(value) for key, value in values.items()}

    # --- inside -------------------------------------------------------------------------------------

    def _checked_name(self, name: str) -> str:
        wanted = exchange.cleaned(name)
        titles = {text.casefold() for one, (title, _values) in BUILT_IN.items() for text in (one, _(title))}
        if wanted.casefold() in titles:
            raise SettingError(
                _("“{name}” came with the app and stays as it is.").format(name=wanted),
                _("Save it under another name."),
            )
        if not wanted:
            raise SettingError(_("A preset needs a name."))
        return wanted

    def _check_own(self, name: str, own: Mapping[str, Any]) -> None:
        if name in BUILT_IN:
            raise SettingError(_("“{name}” came with the app and stays as it is.").format(name=name))
        if name not in own:
            self.get(name)

    def _free_name(self, wanted: str, own: Mapping[str, Any]) -> str:
        for number in range(1, len(own) + len(BUILT_IN) + 3):
            behind = f" {number}" if number > 1 else ""
            try:
                name = self._checked_name(wanted[: exchange.LONGEST_NAME - len(behind)] + behind)
            except SettingError:
                continue
            if name not in own:
                return name
        raise SettingError(_("A preset needs a name."))
