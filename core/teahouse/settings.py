"""Settings: declared once as data, from which validation, form, docs and error text follow."""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from teahouse.errors import SettingError
from teahouse.language import N_, _

Scope = Literal["app", "model", "preset", "conversation"]
Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared value: a setting of the app or a plugin, or a parameter of a command.

    Args:
        key: `area.name`; a plugin's keys start with its name.
        type: `bool`, `int`, `float` or `str`.
        default: Its value when nobody has chosen one; None for a required command parameter.
        limits: (least, greatest) for numbers, the allowed words for `str`; empty for no limits.
        label: A short name, marked with `N_()`.
        help: One plain sentence, marked with `N_()`.
        scopes: Where it may be set.
    """

    key: str
    type: type[Value]
    default: Value | None
    label: str
    help: str = ""
    limits: tuple[Any, ...] = ()
    scopes: frozenset[Scope] = frozenset({"app"})

    def check(self, value: object) -> Value:
        """`value` in this setting's type.

        Raises:
            SettingError: It has another type or lies outside the limits; names the allowed ones.
        """
        if self.type is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not self.type or value != value:
            raise SettingError(
                _("{key} cannot be {value!r}.").format(key=self.key, value=value),
                _("It takes a value of type {type}.").format(type=self.type.__name__),
                key=self.key,
            )
        self._check_limits(value)
        return value

    def parse(self, text: str) -> Value:
        """The value that a person typed as `text`."""
        try:
            if self.type is bool:
                return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
                    text.lower()
                ]
            return self.check(self.type(text))
        except (ValueError, KeyError):
            return self.check(text)

    def _check_limits(self, value: Any) -> None:
        if not self.limits:
            return
        if self.type is str:
            if value not in self.limits:
                raise SettingError(
                    _("{key} cannot be “{value}”.").format(key=self.key, value=value),
                    _("Allowed: {values}.").format(values=", ".join(self.limits)),
                    key=self.key,
                )
            return
        least, greatest = self.limits
        if not least <= value <= greatest:
            raise SettingError(
                _("{key} cannot be {value}.").format(key=self.key, value=value),
                _("It lies between {least} and {greatest}.").format(least=least, greatest=greatest),
                key=self.key,
            )


CORE_SETTINGS = (
    Setting("app.language", str, "system", N_("Language"), N_("The language of the window and the terminal."),
            ("system", "en", "zh_CN")),
    Setting("app.theme", str, "system", N_("Theme"), N_("Light, dark, or as the desktop has it."),
            ("system", "light", "dark")),
    Setting("models.default", str, "", N_("Model"), N_("The model that a new conversation starts with.")),
    Setting("models.hub_endpoint", str, "", N_("Hugging Face endpoint"),
            N_("Another address to fetch models from, such as a mirror; empty for the usual one.")),
    Setting("net.offline", bool, False, N_("Stay offline"), N_("Refuse every download.")),
    Setting("plugins.disabled", str, "", N_("Disabled plugins"),
            N_("Names of plugins that are off, with commas.")),
    Setting("engine.context", int, 8192, N_("Context length"),
            N_("Tokens the model can keep in view; more takes more memory."), (256, 1_048_576),
            frozenset({"app", "model"})),
    Setting("engine.threads", int, 0, N_("Threads"), N_("Threads used for computing; 0 chooses."), (0, 512),
            frozenset({"app", "model"})),
    Setting("engine.gpu_layers", int, -1, N_("GPU layers"),
            N_("Layers placed on the graphics card; -1 places all where there is one."), (-1, 1000),
            frozenset({"app", "model"})),
    Setting("engine.batch", int, 256, N_("Batch"),
            N_("Tokens read in one step; less takes less memory."), (8, 8192), frozenset({"app", "model"})),
    Setting("engine.kv_type", str, "f16", N_("Cache type"),
            N_("How exactly the context is remembered; q8_0 takes half the memory of f16."),
            ("f16", "q8_0", "q4_0"), frozenset({"app", "model"})),
    Setting("engine.flash_attention", str, "auto", N_("Flash attention"),
            N_("A way of computing that takes less memory; “auto” leaves it to llama.cpp."),
            ("auto", "on", "off"), frozenset({"app", "model"})),
    Setting("engine.main_device", str, "", N_("Device"),
            N_("The graphics card to use, by its name in “teahouse doctor”; empty chooses."), (),
            frozenset({"app", "model"})),
    Setting("engine.template", str, "", N_("Chat template"),
            N_("The format of messages; empty takes the one in the model's file."), (),
            frozenset({"model"})),
    Setting("engine.saved_states_mb", int, 1024, N_("Saved states"),
            N_("Megabytes on disk for what models have read of conversations; 0 keeps nothing."),
            (0, 1_048_576)),
    Setting("chat.overflow", str, "drop", N_("When the context is full"),
            N_("“refuse” sends nothing, “drop” leaves out the oldest messages, “summarise” replaces them."),
            ("refuse", "drop", "summarise"), frozenset({"app", "conversation"})),
    Setting("chat.reasoning", str, "auto", N_("Reasoning"),
            N_("Whether the model thinks before it answers, where its template lets people choose."),
            ("auto", "on", "off"), frozenset({"app", "conversation"})),
    Setting("chat.reproducible", bool, False, N_("Reproducible"),
            N_("Read everything anew for each reply: the same seed gives the same text, but slower."), (),
            frozenset({"app", "conversation"})),
    Setting("chat.system_prompt", str, "", N_("System prompt"),
            N_("What the model is told before each conversation."), (), frozenset({"app", "conversation"})),
    Setting("chat.temperature", float, 0.7, N_("Temperature"),
            N_("Low is steady, high is varied; 0 always takes the likeliest token."), (0.0, 5.0),
            frozenset({"app", "conversation"})),
    Setting("chat.max_tokens", int, 2048, N_("Longest reply"), N_("A reply stops after this many tokens."),
            (1, 1_048_576), frozenset({"app", "conversation"})),
)  # fmt: skip


class Settings:
    """The declared settings and the values people chose; the file keeps only what differs.

    An unreadable file is set aside and never overwritten, and a value that is no longer allowed is
    ignored; both are told in `problems`.

    Args:
        is_peek: Only for a look before the app opens: an unreadable file stays for the app to find.
    """

    def __init__(
        self, file: Path, declared: Iterable[Setting] = CORE_SETTINGS, *, is_peek: bool = False
    ) -> None:
        self._file = file
        self._is_peek = is_peek
        self._lock = RLock()
        self._declared = {setting.key: setting for setting in declared}
        self._owners: dict[str, str] = {}
        self.problems: list[str] = []
        self._chosen = self._read()
        for key in self._declared:
            self.get(key)  # complains of what is not allowed

    def declare(self, settings: Iterable[Setting], *, owner: str) -> None:
        """Add a plugin's settings; their keys start with `owner`.

        Raises:
            SettingError: A key is another's.
        """
        with self._lock:
            for setting in settings:
                if not setting.key.startswith(f"{owner}.") or setting.key in self._declared:
                    raise SettingError(
                        _("{owner} cannot declare the setting {key}.").format(owner=owner, key=setting.key),
                        key=setting.key,
                    )
                self._declared[setting.key] = setting
                self._owners[setting.key] = owner

    def forget(self, owner: str) -> None:
        """Drop the declarations of a plugin; its chosen values stay in the file."""
        with self._lock:
            for key in [key for key, name in self._owners.items() if name == owner]:
                del self._declared[key], self._owners[key]

    @property
    def declared(self) -> list[Setting]:
        """Every declared setting, in order of declaration."""
        with self._lock:
            return list(self._declared.values())

    def get(self, key: str) -> Any:
        """The value in force.

        Raises:
            SettingError: No such setting, or it has neither a value nor a default.
        """
        with self._lock:
            setting = self._setting(key)
            if key in self._chosen:
                try:
                    return setting.check(self._chosen[key])
                except SettingError as error:
                    self._complain(str(error))
            return setting.default

    def set(self, key: str, value: object) -> None:
        """Choose a value and write the file.

        Raises:
            SettingError: No such setting, the value is not allowed, or the file cannot be written.
        """
        with self._lock:
            setting = self._setting(key)
            checked = setting.check(value)
            if checked == setting.default:
                self._chosen.pop(key, None)
            else:
                self._chosen[key] = checked
            self._write()

    def _setting(self, key: str) -> Setting:
        if key not in self._declared:
            raise SettingError(_("There is no setting {key}.").format(key=key), key=key)
        return self._declared[key]

    def _complain(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def _read(self) -> dict[str, Value]:
        try:
            return flatten(tomllib.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            if self._is_peek:
                return {}
            aside = self._aside()
            self._complain(
                _("The settings in {file} could not be read ({reason}). They were kept as {aside}.").format(
                    file=self._file, reason=error, aside=aside
                )
            )
            if self._file.is_file():
                self._file.replace(aside)
            return {}

    def _aside(self) -> Path:
        """A free name for an unreadable file: an earlier one is not overwritten either."""
        names = (self._file.with_suffix(f".broken{number or ''}.toml") for number in itertools.count())
        return next(name for name in names if not name.exists())

    def _write(self) -> None:
        import tomlkit

        document = tomlkit.document()
        for key in sorted(self._chosen, key=lambda key: ("." in key, key)):  # TOML: before all tables
            area, dot, name = key.partition(".")
            table = document.setdefault(area, tomlkit.table()) if dot else document
            table[name if dot else key] = self._chosen[key]
        try:
            _replace(self._file, tomlkit.dumps(document))
        except OSError as error:
            raise SettingError(
                _("The settings could not be saved in {file} ({reason}).").format(
                    file=self._file, reason=error
                ),
                _("They hold until the app is closed."),
                path=str(self._file),
            ) from error


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


def flatten(table: dict[str, Any], prefix: str = "") -> dict[str, Value]:
    """`{"app": {"theme": "dark"}}` as `{"app.theme": "dark"}`."""
    flat: dict[str, Value] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
