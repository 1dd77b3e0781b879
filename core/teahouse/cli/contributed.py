"""Commands that plugins bring."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from teahouse.app import App
from teahouse.cli.console import ProgressLine, echo, echo_json, run
from teahouse.errors import AppError, PluginError
from teahouse.language import Translator, _
from teahouse.plugins import Command, command_owners
from teahouse.plugins.guard import in_words
from teahouse.plugins.plugins import turned_off
from teahouse.settings import Setting

log = logging.getLogger(__name__)


def group_of(app: App, word: str) -> click.Command:
    """The commands below a plugin's first word, or the one that is just this word.

    Only that plugin is loaded, here and now.

    Raises:
        PluginError: It was turned off by itself; says why.
    """
    plugin = command_owners()[word]
    if why := app.plugins.roster.why_off(plugin):
        text = _("The plugin {name} {what}.").format(name=plugin, what=why)
        raise PluginError(text, turned_off(plugin), plugin=plugin)
    app.plugins.load(only=[plugin])
    app.take_contributions()
    group = click.Group(word)
    for _name, command in app.plugins.call_each("register_commands", only=plugin, app=app):
        first, *rest = command.path.split()
        if command.path.strip() == word:
            return _click_command(app, plugin, command, word)
        if first == word:
            group.add_command(_click_command(app, plugin, command, " ".join(rest)))
    return group


def _click_command(app: App, plugin: str, command: Command, name: str) -> click.Command:
    def call(is_json: bool = False, **values: Any) -> None:
        checked = {
            s.key: s.check(values[_variable(s)]) for s in command.params if values[_variable(s)] is not None
        }
        with _named(plugin, command, app.paths.logs), _progress() as show:
            result = run(command.work(app.plugins.seat(plugin), checked), show)
            text = "" if is_json else (command.words or _in_words)(result)
        if is_json:
            echo_json(result)
        elif text:
            echo(text)

    own = Translator(command.work.__module__.partition(".")[0])
    params = [_parameter(setting, own) for setting in command.params]
    if command.json:
        params.append(click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")))
    return click.Command(name, callback=call, help=own(command.title), params=params)


@contextmanager
def _progress() -> Iterator[Callable[[Any], None]]:
    """Shows what the work yields on a line of stderr: words, or what has a `text`."""
    line = ProgressLine()

    def show(value: Any) -> None:
        if words := value if isinstance(value, str) else getattr(value, "text", ""):
            line.show(str(words))

    try:
        yield show
    finally:
        line.clear()


@contextmanager
def _named(plugin: str, command: Command, logs: Path) -> Iterator[None]:
    """What a plugin's work raises is told by its name, but for errors that are meant for people."""
    try:
        yield
    except (AppError, click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except (Exception, SystemExit) as error:
        log.info("the command %s of the plugin %s failed", command.path, plugin, exc_info=True)
        what = _("failed in {hook}: {error}").format(hook=command.path, error=in_words(error))
        text = _("The plugin {name} {what}.").format(name=plugin, what=what)
        hint = _("Tell its author. The details are in {folder}.").format(folder=logs)
        raise PluginError(text, hint, plugin=plugin) from error


def _parameter(setting: Setting, own: Translator) -> click.Parameter:
    if setting.default is None:
        return click.Argument([_variable(setting)], type=setting.type)
    option = "--" + _variable(setting).replace("_", "-")
    if setting.type is bool and setting.default is False:
        return click.Option([option], is_flag=True, help=own(setting.help))
    return click.Option([option], type=setting.type, default=setting.default, help=own(setting.help))


def _variable(setting: Setting) -> str:
    return setting.key.rpartition(".")[2]


def _in_words(result: Any) -> str:
    if isinstance(result, dict):
        return "\n".join(f"{key}: {value}" for key, value in result.items())
    return str(result)
