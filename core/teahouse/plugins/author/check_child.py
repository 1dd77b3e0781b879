"""The child's side of a check: loads a plugin in an empty home and looks at what it brings."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from teahouse import hookspecs
from teahouse.language import _
from teahouse.plugins.author.findings import Finding
from teahouse.plugins.author.look import Look, confine
from teahouse.plugins.installed import COMMANDS, PLUGINS

if TYPE_CHECKING:
    from teahouse.plugins.values import Backend, Command
    from teahouse.settings import Setting
    from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """Answer `check`."""
    server.verb("check", check)


def check(
    _call: Call, *, name: str, halves: dict[str, str], words: list[str], paths: list[str], home: str
) -> dict[str, Any]:
    """What is wrong with the engine half, and which texts the app shows of it.

    Args:
        halves: `module:attribute` by entry-point group.
        words: First words of its commands that the terminal will know.
        paths: Where the app finds modules.
        home: An empty folder that takes the place of the person's.
    """
    confine(paths, home)
    look = Look(name, {group: value for group, value in halves.items() if group == PLUGINS} or halves)
    is_loaded = False
    if PLUGINS in halves:
        look.time_import(PLUGINS)
        is_loaded = look.load()
        look.hooks_of(PLUGINS, hookspecs)
    shown: list[str] = []
    if is_loaded:
        shown = list(_brought(look, words))
    return {
        "is_loaded": is_loaded or PLUGINS not in halves,
        "findings": [asdict(finding) for finding in look.findings],
        "figures": look.figures,
        "shown": shown,
    }


def _brought(look: Look, words: list[str]) -> Iterator[str]:
    """Look at what the hooks returned; yields the texts that people see of it."""
    plugins = look.app.plugins
    commands: list[Command] = [one for _name, one in plugins.call_each("register_commands", app=look.app)]
    backends = [one for _name, one in plugins.call_each("register_models", app=look.app)]
    look.findings += [*_commands(commands, words), *_backends(backends)]
    for setting in look.app.settings.declared:
        if setting.key.startswith(f"{look.name}."):
            yield from _texts(setting)
    for command in commands:
        yield command.title
        for parameter in command.params:
            yield from _texts(parameter)


def _texts(setting: Setting) -> Iterator[str]:
    yield from (text for text in (setting.label, setting.help) if text)


def _commands(commands: list[Command], words: list[str]) -> Iterator[Finding]:
    first = {command.path.split()[0] for command in commands}
    for word in sorted(first - set(words)):
        text = _("The terminal does not know the command word {word}.").format(word=word)
        hint = _('Add a line for it to [project.entry-points."{group}"].').format(group=COMMANDS)
        yield Finding("contract", text, hint)
    for word in sorted(set(words) - first):
        text = _("No command begins with the word {word}.").format(word=word)
        hint = _('Take its line out of [project.entry-points."{group}"], or bring a command.')
        yield Finding("contract", text, hint.format(group=COMMANDS))


def _backends(backends: list[Backend]) -> Iterator[Finding]:
    for backend in backends:
        module = backend.entry.partition(":")[0]
        if not _is_there(module):
            text = _("The back end {name} names the module {module}, which is not there.")
            hint = _("Mend the entry, or the name of the module.")
            yield Finding("contract", text.format(name=backend.name, module=module), hint)


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
