"""`teahouse backups`: copies of the conversations, and the ways back when their file is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from teahouse.cli.console import echo, echo_json, run
from teahouse.cli.main import Session
from teahouse.errors import AppError
from teahouse.language import _
from teahouse.store import backups, restoring, salvage
from teahouse.store.backups import Backup
from teahouse.store.salvage import Salvaged


def command() -> click.Command:
    """The group."""
    group = click.Group("backups", help=_("Copies of the conversations, and the ways back."))
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))
    name = click.Argument(["name"], metavar="NAME")
    texts: dict[str, tuple[Callable[..., None], str]] = {
        "list": (_list, _("The copies there are, newest first.")),
        "make": (_make, _("Save a copy of the conversations now.")),
        "restore": (
            _restore,
            _("Put a copy in the place of the conversations; those are set aside, not deleted."),
        ),
        "salvage": (
            _salvage,
            _("Read what can be read of a damaged file into a new one; the old one is set aside."),
        ),
    }
    for word, (callback, text) in texts.items():
        params = [name, as_json] if word == "restore" else [as_json]
        group.add_command(click.Command(word, callback=callback, help=text, params=[*params]))
    return group


# The database is never opened here as the app opens it: these commands are for when that fails.


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    found = backups.list_all(session.paths.database)
    if is_json:
        echo_json([_as_object(backup) for backup in found])
        return
    for backup in found:
        echo(_in_words(backup))
    if not found:
        echo(_("There is no copy yet. One is made each day that Teahouse runs; or: teahouse backups make"))


@click.pass_obj
def _make(session: Session, /, is_json: bool) -> None:
    file = session.paths.database
    if not file.exists():
        raise AppError(_("There are no conversations yet."), _("A copy can be made after the first one."))
    made: Backup = run(lambda cancel: backups.back_up(file, cancel), _to_stderr)
    if is_json:
        echo_json(_as_object(made))
    else:
        echo(_in_words(made))


@click.pass_obj
def _restore(session: Session, /, name: str, is_json: bool) -> None:
    file = session.paths.database
    chosen = _find(file, name)
    aside = restoring.restore(file, chosen.path)
    if is_json:
        echo_json({"restored": str(chosen.path), "set_aside": str(aside) if aside else None})
        return
    echo(_("The conversations are again as they were at {moment}.").format(moment=_moment(chosen)))
    _tell_aside(aside)


@click.pass_obj
def _salvage(session: Session, /, is_json: bool) -> None:
    file = session.paths.database
    if not file.exists():
        raise AppError(_("There are no conversations yet."), _("There is nothing to salvage."))
    saved: Salvaged = run(lambda cancel: salvage.salvage(file, cancel), _to_stderr)
    if is_json:
        echo_json({**asdict(saved), "aside": str(saved.aside) if saved.aside else None})
        return
    text = _(
        "Conversations saved: {conversations}, messages: {messages}; placeholders for lost ones: {lost}."
    )
    counts = {name: saved.rows.get(name.removesuffix("s"), 0) for name in ("conversations", "messages")}
    echo(text.format(**counts, lost=saved.placeholders))
    _tell_aside(saved.aside)


# --- words ------------------------------------------------------------------------------------------


def _find(file: Path, name: str) -> Backup:
    found = backups.list_all(file)
    for backup in found:
        if name in (backup.path.name, str(backup.path)):
            return backup
    path = Path(name).expanduser()
    if path.is_file():
        return backups.read(path)
    raise AppError(
        _("There is no copy named {name}.").format(name=name),
        _("“teahouse backups list” shows them; the path of a copy elsewhere works too."),
        name=name,
    )


def _tell_aside(aside: Path | None) -> None:
    if aside:
        echo(_("What was there is kept in {path}.").format(path=aside))


def _in_words(backup: Backup) -> str:
    count = _("damaged") if backup.conversations is None else str(backup.conversations)
    kind = _("before an update") if backup.is_before_migration else _("daily")
    text = _("{name}  {moment}  {kind}  {size:.1f} MB  conversations: {count}")
    return text.format(
        name=backup.path.name,
        moment=_moment(backup),
        kind=kind,
        size=backup.size_bytes / 1e6,
        count=count,
    )


def _moment(backup: Backup) -> str:
    return datetime.fromtimestamp(backup.made_ms / 1000).isoformat(" ", "minutes")


def _as_object(backup: Backup) -> dict[str, object]:
    return {**asdict(backup), "path": str(backup.path)}


def _to_stderr(text: str) -> None:
    echo(text, is_error=True)
