"""`teahouse plugins`: what is installed."""

from __future__ import annotations

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.main import Session
from teahouse.language import _
from teahouse.plugins import PluginInfo


def command() -> click.Command:
    """The group."""
    group = click.Group("plugins", help=_("Plugins on this machine."))
    group.add_command(
        click.Command(
            "list",
            callback=_list,
            help=_("Installed plugins."),
            params=[click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))],
        )
    )
    return group


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    infos = session.app.plugins.infos()
    if is_json:
        echo_json([as_object(info) for info in infos])
        return
    for info in infos:
        state = info.error or (_("on") if info.enabled else _("off"))
        echo(f"{info.name} {info.version}  {state}  {', '.join(info.hooks)}".rstrip())
    if not infos:
        click.echo(_("No plugin is installed."))


def as_object(info: PluginInfo) -> dict[str, object]:
    """What `--json` prints of a plugin."""
    return {
        "name": info.name,
        "version": info.version,
        "enabled": info.enabled,
        "hooks": list(info.hooks),
        "error": info.error,
    }
