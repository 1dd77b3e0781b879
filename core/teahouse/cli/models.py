"""`teahouse models`: what is there, and how to get more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from teahouse.cli import hub_models, own_models
from teahouse.cli.console import ProgressLine, echo, echo_json, one_line, run, size_text
from teahouse.cli.main import Session
from teahouse.events import changed
from teahouse.jobs import Work
from teahouse.language import _
from teahouse.models import catalogue, hub
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress, fetch
from teahouse.models.folder import check_there
from teahouse.models.kept import kept_bytes
from teahouse.models.library import Model
from teahouse.models.repository import HubFile


def command() -> click.Command:
    """The group."""
    group = click.Group("models", help=_("Models on this machine."))
    group.add_command(
        click.Command(
            "list",
            callback=_list,
            help=_("Models on this machine, and those that can be had."),
            params=[click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))],
        )
    )
    group.add_command(
        click.Command(
            "get",
            callback=_get,
            help=_(
                "Download a model of the catalogue, or a file of Hugging Face by OWNER/NAME:FILE;"
                " “starter” is a small one to begin with."
            ),
            params=[click.Argument(["name"], metavar="NAME|OWNER/NAME:FILE")],
        )
    )
    for own in (*own_models.commands(), *hub_models.commands()):
        group.add_command(own)
    return group


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    models = session.app.models.list()
    here = {model.path.name for model in models if model.path}
    offers = [entry for entry in catalogue.load() if entry.file not in here]
    if is_json:
        echo_json([_as_object(model) for model in models])
        return
    for model in models:
        size = size_text(model.size_bytes) if model.size_bytes else ""
        what = model.problem or ("" if model.can_chat else _("turns texts into vectors"))
        echo(one_line(f"{model.name}  {size}  {what}".rstrip()))
    if not models:
        click.echo(_("No model is on this machine yet."))
    for entry in offers:
        echo(_offer(entry, kept_bytes(session.app.paths.models, entry)))


def _offer(entry: Entry, done_bytes: int) -> str:
    size = size_text(entry.size_bytes)
    if done_bytes:
        size = _("{done} of {total} have arrived").format(done=size_text(done_bytes), total=size)
    return _("can be had: {key}  {name}, {size}, {licence}").format(
        key=entry.key, name=entry.name, size=size, licence=entry.licence
    )


def _as_object(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "backend": model.backend,
        "path": str(model.path) if model.path else None,
        "size_bytes": model.size_bytes,
        "problem": model.problem,
        "can_chat": model.can_chat,
    }


@click.pass_obj
def _get(session: Session, /, name: str) -> None:
    app = session.app
    if "/" in name:
        file: HubFile = run(hub.find(name, net=app.net), lambda _waiting: None)
        entry, work = hub.to_entry(file), hub.fetch_file(file, folder=app.paths.models, net=app.net)
    else:
        entry = catalogue.find(name)
        work = fetch(entry, folder=app.paths.models, net=app.net)
    check_there(app.paths)
    path = _run(work, entry, session)
    app.events.publish(changed("models"))
    echo(str(path))


def _run(work: Work, entry: Entry, session: Session) -> Path:
    """Run a download with its progress on a line; says what is kept when it is stopped."""
    line = ProgressLine()

    def show(progress: DownloadProgress) -> None:
        if not progress.source:
            line.show(_("Checking the file that is here …"))
            return
        line.show(
            _("{name} from {source}: {done} of {total}").format(
                name=entry.name,
                source=progress.source,
                done=size_text(progress.done_bytes),
                total=size_text(progress.total_bytes),
            )
        )

    try:
        path: Path = run(work, show)
    except KeyboardInterrupt:
        line.clear()
        _tell_kept(kept_bytes(session.app.paths.models, entry), entry)
        raise
    finally:
        line.clear()
    return path


def _tell_kept(done_bytes: int, entry: Entry) -> None:
    if done_bytes:
        text = _("Stopped. {done} of {total} are kept: the same command goes on from there.")
        words = text.format(done=size_text(done_bytes), total=size_text(entry.size_bytes))
        echo("\n" + words, is_error=True)
