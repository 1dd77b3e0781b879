"""`teahouse chats export|import`: conversations out of the house and into it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from teahouse.cli.console import ProgressLine, echo_json, harmless, run
from teahouse.cli.conversation_ids import find_by_id
from teahouse.cli.main import Session
from teahouse.events import changed
from teahouse.exchange import EXPORTS, ExchangeProgress, ExportReport, ImportReport, export, import_files
from teahouse.exchange.targets import make_folder
from teahouse.exchange.values import Skipped
from teahouse.language import _


def commands() -> Iterator[click.Command]:
    """The two commands."""
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object."))
    yield click.Command(
        "export",
        callback=_export,
        help=_("Write conversations to a file, or to a folder, a file for each; “-” is standard output."),
        params=[
            click.Argument(["ids"], metavar="[ID]...", nargs=-1),
            click.Option(["--all", "is_all"], is_flag=True, help=_("All but those in the trash.")),
            click.Option(
                ["--format", "name"],
                type=click.Choice(list(EXPORTS)),
                default="json",
                show_default=True,
                help=_("json keeps everything and can be imported again."),
            ),
            click.Option(
                ["-o", "--output"], required=True, metavar=_("FILE|FOLDER"), help=_("Where to write.")
            ),
            click.Option(["--force", "is_replacing"], is_flag=True, help=_("Replace what is there.")),
            as_json,
        ],
    )
    yield click.Command(
        "import",
        callback=_import,
        help=_("Add conversations from files: JSON of Teahouse, ChatGPT, ShareGPT, OpenAI, Open WebUI."),
        params=[
            click.Argument(["files"], nargs=-1, required=True, type=click.Path(path_type=Path)),
            click.Option(
                ["--own", "is_own"],
                is_flag=True,
                help=_("The files are your own exports: trust them as far as they say."),
            ),
            as_json,
        ],
    )


# --- export -----------------------------------------------------------------------------------------


@click.pass_obj
def _export(
    session: Session,
    /,
    ids: tuple[str, ...],
    is_all: bool,
    name: str,
    output: str,
    is_replacing: bool,
    is_json: bool,
) -> None:
    if is_all == bool(ids):
        raise click.UsageError(_("Name conversations, or say --all."))
    if is_json and output == "-":
        raise click.UsageError(_("--json prints a report; with “-o -” there is no room for it."))
    store = session.app.store
    everything = store.conversations()
    trashed = [] if is_all else store.conversations(is_trashed=True)
    found = everything if is_all else [find_by_id([*everything, *trashed], word) for word in ids]
    chosen = [conversation.id for conversation in found]
    target: Path | IO[bytes] = sys.stdout.buffer if output == "-" else _path(output)
    report: ExportReport = _run(export(store, chosen, name=name, target=target, is_replacing=is_replacing))
    if is_json:
        path = str(report.path) if report.path else None
        echo_json({"exported": report.exported, "path": path, "skipped": _listed(report.skipped)})
        return
    click.echo(_("Exported: {count}.").format(count=report.exported), err=output == "-")
    _tell_skipped(report.skipped)


def _path(output: str) -> Path:
    """The target; a name that ends like a folder's is made one."""
    path = Path(output)
    return make_folder(path) if output.endswith(("/", os.sep)) else path


# --- import -----------------------------------------------------------------------------------------


@click.pass_obj
def _import(session: Session, /, files: tuple[Path, ...], is_own: bool, is_json: bool) -> int:
    app = session.app
    try:
        report: ImportReport = _run(import_files(app.store, files, is_own=is_own))
    finally:
        app.events.publish(changed("conversations"))
    if is_json:
        echo_json(
            {
                "imported": report.imported,
                "known": report.known,
                "conversations": list(report.conversation_ids),
                "skipped": _listed(report.skipped),
            }
        )
    else:
        click.echo(_("Imported: {count}.").format(count=report.imported))
        _tell_skipped(report.skipped)
    return 0 if report.imported or report.known else 1


# --- both -------------------------------------------------------------------------------------------


def _run(work: Any) -> Any:
    """Run it with a line of progress; says what was done when it is stopped or fails."""
    line = ProgressLine()
    seen: list[ExchangeProgress] = []

    def show(progress: ExchangeProgress) -> None:
        seen[:] = [progress]
        line.show(
            _("{percent} %, {done} conversations: {title}").format(
                percent=int(progress.fraction * 100), done=progress.done, title=harmless(progress.title[:40])
            )
        )

    try:
        return run(work, show)
    except BaseException:
        line.clear()
        # An import counts without a total: what it has added stays.
        if seen and not seen[0].total and seen[0].done:
            click.echo(
                _("{count} conversations were imported before that.").format(count=seen[0].done), err=True
            )
        raise
    finally:
        line.clear()


def _tell_skipped(skipped: list[Skipped]) -> None:
    for what, why, times in skipped:
        text = _("left out: {what} ({count}): {why}")
        line = text.format(what=what, count=times, why=why)
        click.echo(harmless(line) if sys.stderr.isatty() else line, err=True)


def _listed(skipped: list[Skipped]) -> list[dict[str, Any]]:
    return [one._asdict() for one in skipped]
