"""Commands that plugins bring: which there are, and running one. One unstarted operation for each."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse.errors import AppError, PluginError
from teahouse.jobs import Cancel
from teahouse.language import Translator
from teahouse.plugins import Command
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PluginCommand:
    """A command with the plugin that brought it.

    Attributes:
        package: Holds the catalogues of the command's texts.
    """

    plugin: str
    command: Command
    package: str

    @property
    def id(self) -> str:
        """The same in every language."""
        return f"{self.plugin}/{self.command.path}"

    def title(self, language: str = "") -> str:
        """What it is called, in the language in force or another one."""
        return self._say(self.command.title, language)

    def label(self, setting: Setting) -> str:
        """What a parameter is called."""
        return self._say(setting.label, "")

    def help(self, setting: Setting) -> str:
        """What a parameter means; may be empty."""
        return self._say(setting.help, "") if setting.help else ""

    def _say(self, text: str, language: str) -> str:
        own = Translator(self.package)
        return own.into(language, text) if language else own(text)


def list_commands(*, app: App) -> Operation:
    """Ask the plugins for their commands; the result is a list of `PluginCommand`, by title."""

    def ask() -> list[PluginCommand]:
        found = app.plugins.call_each("register_commands", app=app)
        made = [
            PluginCommand(plugin, command, command.work.__module__.partition(".")[0])
            for plugin, command in found
            if isinstance(command, Command)
        ]
        return sorted(made, key=lambda one: (one.plugin, one.command.path))

    return quick(translate("Operations", "Asking the plugins for their commands"), ask)


def run_command(*, app: App, one: PluginCommand, values: Mapping[str, Value]) -> Operation:
    """Run a command; yields what it yields, the result is what it returns.

    The work fails with a `PluginError` that names the plugin.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        if not app.plugins.is_enabled(one.plugin):  # its dialog was still open
            raise PluginError(translate("Plugins", "The plugin {name} is off.").format(name=one.plugin))
        try:
            return (yield from one.command.work(app.plugins.seat(one.plugin), values)(cancel))
        except AppError as error:
            text = translate("Plugins", "Plugin {name}: {error}").format(name=one.plugin, error=error.text)
            raise PluginError(text, error.hint, plugin=one.plugin) from error
        except Exception as error:
            log.info("the command %s of the plugin %s failed", one.command.path, one.plugin, exc_info=True)
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            text = translate("Plugins", "The plugin {name} failed: {error}")
            text = text.format(name=one.plugin, error=told)
            hint = translate("Plugins", "Tell its author; the log has the details.")
            raise PluginError(text, hint, plugin=one.plugin) from error

    # The engine answers one request at a time; what does not need it must not keep replies waiting.
    return Operation(one.title(), work, "model" if one.command.needs_engine else "io")


def in_words(result: object) -> str:
    """The result of a command as text: of an object a line for each field, else JSON or words."""
    if isinstance(result, str):
        return result
    if isinstance(result, Mapping) and not any(isinstance(value, dict | list) for value in result.values()):
        return "\n".join(f"{key}: {value}" for key, value in result.items())
    return "" if result is None else as_json(result)


def as_json(result: object) -> str:
    """The result as JSON."""
    return json.dumps(result, ensure_ascii=False, indent=2, default=str)


def progress_of(value: object) -> tuple[str, float | None]:
    """What a command yields as (words, fraction from 0 to 1): fields `text`, `fraction`, `done`, `total`."""
    if isinstance(value, str):
        return value, None
    words = str(getattr(value, "text", "") or getattr(value, "title", "") or "")
    fraction = getattr(value, "fraction", None)
    if callable(fraction):
        fraction = fraction()
    return words, fraction if isinstance(fraction, float | int) else None
