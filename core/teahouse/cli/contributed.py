"""Commands that plugins bring."""

from __future__ import annotations

import json
from typing import Any

import click

from teahouse.app import App
from teahouse.cli.console import run
from teahouse.language import Translator, _
from teahouse.plugins import Command
from teahouse.settings import Setting


def group_of(app: App, word: str) -> click.Group:
    """The commands below a plugin's first word."""
    group = click.Group(word)
    for plugin, command in app.plugins.call_each("register_commands", app=app):
        if not isinstance(command, Command) or not command.path.split():
            app.plugins.report(plugin, _("brought a command that cannot be used"))
            continue
        first, *rest = command.path.split()
        if first == word:
            group.add_command(_click_command(app, command, " ".join(rest) or first))
    return group


def _click_command(app: App, command: Command, name: str) -> click.Command:
    def call(is_json: bool = False, **values: Any) -> None:
        checked = {
            s.key: s.check(values[_variable(s)]) for s in command.params if values[_variable(s)] is not None
        }
        result = run(command.work(app, checked), lambda value: None)
        click.echo(json.dumps(result, ensure_ascii=False) if is_json else _in_words(result))

    own = Translator(command.work.__module__.partition(".")[0])
    params = [_parameter(setting, own) for setting in command.params]
    if command.json:
        params.append(click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")))
    return click.Command(name, callback=call, help=own(command.title), params=params)


def _parameter(setting: Setting, own: Translator) -> click.Parameter:
    if setting.default is None:
        return click.Argument([_variable(setting)], type=setting.type)
    option = "--" + _variable(setting).replace("_", "-")
    return click.Option([option], type=setting.type, default=setting.default, help=own(setting.help))


def _variable(setting: Setting) -> str:
    return setting.key.rpartition(".")[2]


def _in_words(result: Any) -> str:
    if isinstance(result, dict):
        return "\n".join(f"{key}: {value}" for key, value in result.items())
    return str(result)
