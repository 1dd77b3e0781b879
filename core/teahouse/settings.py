"""Settings: declared once as data, from which validation, form, docs and error text follow."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from teahouse.core_settings import CORE_SETTINGS
from teahouse.errors import SettingError
from teahouse.language import _
from teahouse.setting import Scope, Setting, Value
from teahouse.settings_file import SettingsFile, Tables, look_up, put

__all__ = ["CORE_SETTINGS", "Scope", "Setting", "Settings", "Source", "Value"]

Source = Literal["default", "app", "model"]

OF_MODELS = "model"
"""The table that holds a table for each model with values of its own."""


class Settings:
    """The declared settings and the values people chose; the file keeps only what differs.

    A model may have values of its own for the settings whose scopes contain `model`; they go before
    the app's. Each change reads the file anew first, so that what another program on the same home
    has changed stays.

    An unreadable file is set aside and never overwritten, and a value that is no longer allowed is
    ignored; both are told in `problems`.

    Args:
        is_peek: Only for a look before the app opens: an unreadable file stays for the app to find.
    """

    def __init__(
        self, file: Path, declared: Iterable[Setting] = CORE_SETTINGS, *, is_peek: bool = False
    ) -> None:
        self._file = SettingsFile(file)
        self._is_peek = is_peek
        self._lock = RLock()
        self._declared = {setting.key: setting for setting in declared}
        self._owners: dict[str, str] = {}
        self.problems: list[str] = []
        self._tables: Tables = {}
        self._unsaved: dict[tuple[str, ...], Value | None] = {}
        self._read()
        self._check_all()

    def declare(self, settings: Iterable[Setting], *, owner: str) -> None:
        """Add a plugin's settings; their keys start with `owner`.

        Raises:
            SettingError: A key is another's, or the plugin is named like the table of models.
        """
        with self._lock:
            for setting in settings:
                is_own = setting.key.startswith(f"{owner}.") and owner != OF_MODELS
                if not is_own or setting.key in self._declared:
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

    def get(self, key: str, model: str = "") -> Any:
        """The value in force: the model's own, else the app's, else the default.

        Args:
            model: A model's name; empty for the app's value.

        Raises:
            SettingError: No such setting.
        """
        with self._lock:
            setting = self._setting(key)
            places = (model, "") if model else ("",)
            found = (self._chosen(setting, place) for place in places)
            return next((value for value in found if value is not None), setting.default)

    def is_chosen(self, key: str, model: str = "") -> bool:
        """Whether a person has chosen the value in force, for this model or for all.

        Raises:
            SettingError: No such setting.
        """
        with self._lock:
            setting = self._setting(key)
            return any(self._chosen(setting, place) is not None for place in (model, ""))

    def source(self, key: str, model: str = "") -> Source:
        """Where the value in force comes from: nobody's choice, the app's, or the model's own.

        Raises:
            SettingError: No such setting.
        """
        with self._lock:
            setting = self._setting(key)
            if model and self._chosen(setting, model) is not None:
                return "model"
            return "default" if self._chosen(setting, "") is None else "app"

    def models_with(self, key: str) -> list[str]:
        """Names of the models with a value of their own for a setting, also of those not here now.

        Raises:
            SettingError: No such setting.
        """
        with self._lock:
            setting, of_models = self._setting(key), self._tables.get(OF_MODELS)
            names = of_models if isinstance(of_models, dict) else {}
            return [name for name in names if self._chosen(setting, name) is not None]

    def read_again(self) -> None:
        """Take in what other programs on the same home have changed."""
        with self._lock:
            self._read_again()

    def set(self, key: str, value: object, model: str = "") -> None:
        """Choose a value, for one model or for all, and write the file.

        A model's value is kept even if it is the app's: the app's may change.

        Raises:
            SettingError: No such setting, the value is not allowed, it is not set for models (or only
                for them), or the file cannot be written.
        """
        with self._lock:
            setting = self._setting(key)
            self._check_place(setting, model)
            checked = setting.check(value)
            is_default = not model and checked == setting.default
            self._change(_path(key, model), None if is_default else checked)

    def reset(self, key: str, model: str = "") -> None:
        """Take a choice back, of one model or of the app, and write the file.

        Raises:
            SettingError: As `set`.
        """
        with self._lock:
            self._check_place(self._setting(key), model)
            self._change(_path(key, model), None)

    def forget_model(self, name: str) -> None:
        """Take back every value of a model's own, also of settings that nobody declares now.

        The file is written only where it holds some.

        Raises:
            SettingError: The file cannot be written.
        """
        with self._lock:
            self._read_again()
            if look_up(self._tables, (OF_MODELS, name)) is not None:
                self._change((OF_MODELS, name), None)

    def forget_values(self, owner: str) -> None:
        """Take back every value whose key begins with a plugin's name, also of settings nobody declares now.

        Raises:
            SettingError: The file cannot be written.
        """
        with self._lock:
            self._read_again()
            if look_up(self._tables, (owner,)) is not None:
                self._change((owner,), None)

    # --- inside -----------------------------------------------------------------------------------

    def _setting(self, key: str) -> Setting:
        if key not in self._declared:
            raise SettingError(_("There is no setting {key}.").format(key=key), key=key)
        return self._declared[key]

    def _check_place(self, setting: Setting, model: str) -> None:
        if model and "model" not in setting.scopes:
            raise SettingError(
                _("{key} cannot be set for one model.").format(key=setting.key),
                _("It holds for the whole app."),
                key=setting.key,
            )
        if not model and "app" not in setting.scopes:
            raise SettingError(
                _("{key} is set for a model, not for the whole app.").format(key=setting.key),
                key=setting.key,
            )
        if not _is_text(model):  # a file name with bytes that are no text
            raise SettingError(
                _("A model named {model!a} cannot have settings of its own.").format(model=model),
                _("Give its file a name of ordinary letters."),
                key=setting.key,
            )

    def _chosen(self, setting: Setting, model: str) -> Value | None:
        """What was chosen in one place; None for nothing or for what is not allowed there."""
        if ("model" if model else "app") not in setting.scopes:
            return None
        value = look_up(self._tables, _path(setting.key, model))
        if value is None:
            return None
        try:
            return setting.check(value)
        except SettingError as error:
            self._complain(f"{model}: {error}" if model else str(error))
            return None

    def _check_all(self) -> None:
        of_models = self._tables.get(OF_MODELS)
        names = of_models if isinstance(of_models, dict) else {}
        for setting in self._declared.values():
            for model in ("", *names):
                self._chosen(setting, model)  # complains of what is not allowed

    def _complain(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def _change(self, path: tuple[str, ...], value: Value | None) -> None:
        self._unsaved.pop(path, None)  # so that it comes after all that was wanted before
        self._unsaved[path] = value
        put(self._tables, path, value)
        try:
            with self._file.locked():
                self._read_again()
                self._file.write(self._tables)
        except OSError as error:
            raise SettingError(
                _("The settings could not be saved in {file} ({reason}).").format(
                    file=self._file.path, reason=error
                ),
                _("They hold until the app is closed."),
                path=str(self._file.path),
            ) from error
        self._unsaved.clear()

    def _read_again(self) -> None:
        """Take in what other programs have changed; what could not be saved here still holds."""
        self._read()
        for changed, wanted in self._unsaved.items():
            put(self._tables, changed, wanted)

    def _read(self) -> None:
        """Take in the file; one that cannot be read leaves what is known."""
        try:
            self._tables = self._file.read()
        except (OSError, ValueError) as error:
            if self._is_peek:
                return
            aside = self._file.set_aside()
            self._complain(
                _("The settings in {file} could not be read ({reason}). They were kept as {aside}.").format(
                    file=self._file.path, reason=error, aside=aside
                )
            )


def _path(key: str, model: str) -> tuple[str, ...]:
    """Where a value lies in the file, from the outermost table to its name."""
    names = key.split(".")
    return (OF_MODELS, model, *names) if model else tuple(names)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
