"""`teahouse plugins`: what is installed, what it brings and costs, on and off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from teahouse.cli import plugins_author, plugins_install
from teahouse.cli.console import columns, echo, echo_json, one_line, padded
from teahouse.cli.main import Session
from teahouse.language import _, listed
from teahouse.plugins import PluginDetails, PluginInfo


def command() -> click.Command:
    """The group."""
    group = click.Group("plugins", help=_("Plugins on this machine."))
    json_option = click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))
    name = click.Argument(["name"])
    verbose = click.Option(
        ["--verbose", "is_verbose"], is_flag=True, help=_("Also the traceback of an error.")
    )
    every = (
        ("list", _list, _("Installed plugins."), [json_option]),
        ("info", _info, _("What a plugin is, brings and costs."), [name, verbose, json_option]),
        ("enable", _enable, _("Turn a plugin on; one that was never seen here is tried first."), [name]),
        ("disable", _disable, _("Turn a plugin off."), [name]),
    )
    for word, callback, text, params in every:
        group.add_command(
            click.Command(word, callback=callback, help=text, params=list[click.Parameter](params))
        )
    for own in (*plugins_install.commands(), *plugins_author.commands()):
        group.add_command(own)
    return group


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    infos = session.app.plugins.infos()
    if is_json:
        echo_json([as_object(info) for info in infos])
        return
    for info in infos:
        words = [f"{info.name} {info.version}", state_of(info), ", ".join(info.hooks)]
        echo(one_line("  ".join(word for word in words if word.strip())))
    if not infos:
        click.echo(_("No plugin is installed."))


@click.pass_obj
def _info(session: Session, /, name: str, is_verbose: bool, is_json: bool) -> None:
    from teahouse.plugins.details import describe

    session.bare_app.plugins.roster.find(name)
    details = describe(session.app, name)
    if is_json:
        echo_json(details_as_object(details))
        return
    for line in _lines(details):
        echo(one_line(line))
    if is_verbose and details.traceback:
        echo(details.traceback.rstrip())


@click.pass_obj
def _enable(session: Session, /, name: str) -> None:
    session.bare_app.plugins.roster.turn(name, on=True)
    info = session.app.plugins.info(name)
    echo(_("{name}: {state}").format(name=name, state=state_of(info)))
    if not info.enabled and not session.is_safe_mode:
        click.get_current_context().exit(1)


@click.pass_obj
def _disable(session: Session, /, name: str) -> None:
    session.bare_app.plugins.roster.turn(name, on=False)
    echo(_("{name}: {state}").format(name=name, state=state_of(session.bare_app.plugins.info(name))))


def state_of(info: PluginInfo) -> str:
    """`on`, `off`, or what is wrong, in words."""
    if info.why_off:
        return _("off: it {what}").format(what=info.why_off)
    if not info.enabled:
        return _("off")
    return info.error or _("on")


def as_object(info: PluginInfo) -> dict[str, object]:
    """What `--json` prints of a plugin."""
    return {
        "name": info.name,
        "version": info.version,
        "enabled": info.enabled,
        "hooks": list(info.hooks),
        "error": info.error or info.why_off,
        "distribution": info.distribution,
        "is_bundled": info.is_bundled,
    }


def details_as_object(details: PluginDetails) -> dict[str, Any]:
    """What `--json` prints of one plugin."""
    whole = asdict(details)
    del whole["info"]
    return {**as_object(details.info), **whole}


def _lines(details: PluginDetails) -> Iterator[str]:
    info, statistics = details.info, details.statistics
    yield f"{info.name} {info.version}"
    none, bundled = _("none"), _("came with Teahouse")
    load_s = statistics.load_s if info.is_loaded else 0.0
    yield from _filled(
        {
            _("State"): state_of(info),
            _("What it is"): details.summary,
            _("Package"): bundled if info.is_bundled else info.distribution,
            _("Author"): details.author,
            _("Licence"): details.licence,
            _("Page"): details.homepage,
            _("Written for"): f"teahouse {details.requires}" if details.requires else "",
            _("SHA-256 of its files"): details.sha256,
            _("Trial"): _trial(details),
            _("Hooks"): listed(info.hooks) or none,
            _("Settings"): listed(details.settings) or none,
            _("Commands"): listed(details.commands) or none,
            _("Panels"): _("yes") if details.has_panels else none,
            _("Adds to a start"): f"{load_s * 1000:.0f} ms" if load_s else "",
            _("Calls so far"): str(statistics.calls) if statistics.calls else "",
        }
    )


def _filled(fields: dict[str, str]) -> Iterator[str]:
    width = max(columns(label) for label in fields)
    yield from (f"  {padded(label, width)}  {value}" for label, value in fields.items() if value)


def _trial(details: PluginDetails) -> str:
    if details.info.is_bundled and details.verdict is None:
        return _("not needed")
    if details.verdict is None:
        return _("not tried yet")
    return _("failed") if details.verdict.cause in ("error", "time", "died") else _("passed")
