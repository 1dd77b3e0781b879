"""`teahouse adapters`: LoRA adapters of this machine, and models made of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from teahouse.cli.console import ProgressLine, columns, echo, echo_json, one_line, padded, run, size_text
from teahouse.cli.main import Session
from teahouse.language import N_, _
from teahouse.models.adapter_choice import fitted, parse_choice
from teahouse.models.adapter_renaming import rename_adapter
from teahouse.models.adapters import Adapter
from teahouse.models.library import Model
from teahouse.models.merging import TYPES, MergeProgress, merge

STAGES = {
    "convert": N_("Writing the model in half precision"),
    "add": N_("Adding the adapters"),
    "quantize": N_("Quantizing"),
}


def command() -> click.Command:
    """The group."""
    group = click.Group("adapters", help=_("Adapters: small files that change how a model answers."))
    for each in (*_looking(), *_changing(), _merging()):
        group.add_command(each)
    return group


def _json() -> click.Option:
    return click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))


def _looking() -> Iterator[click.Command]:
    yield click.Command("list", callback=_list, help=_("Adapters on this machine."), params=[_json()])
    yield click.Command(
        "info",
        callback=_info,
        help=_("What is known of an adapter: its card, and whether it fits a model."),
        params=[
            click.Argument(["name"]),
            click.Option(["--model"], default="", help=_("Say whether it fits this model.")),
            _json(),
        ],
    )


def _changing() -> Iterator[click.Command]:
    file = click.Path(path_type=Path)
    yield click.Command(
        "add",
        callback=_add,
        help=_("Copy a LoRA adapter (GGUF) here, after it was checked."),
        params=[
            click.Argument(["file"], type=file),
            click.Option(["--name"], default="", help=_("What to call it here.")),
            _json(),
        ],
    )
    yield click.Command(
        "rename",
        callback=_rename,
        help=_("Give an adapter another name."),
        params=[click.Argument(["name"]), click.Argument(["new_name"])],
    )
    yield click.Command(
        "remove",
        callback=_remove,
        help=_("Delete an adapter."),
        params=[
            click.Argument(["name"]),
            click.Option(["--yes", "is_sure"], is_flag=True, help=_("Do not ask.")),
        ],
    )
    yield click.Command(
        "export",
        callback=_export,
        help=_("Copy an adapter with its card to a file or folder of yours."),
        params=[click.Argument(["name"]), click.Argument(["file"], type=file)],
    )


def _merging() -> click.Command:
    return click.Command(
        "merge",
        callback=_merge,
        help=_("Make a new model out of a model and adapters; both stay as they are."),
        params=[
            click.Argument(["model"]),
            click.Argument(["adapters"], metavar="NAME[=SCALE]...", nargs=-1, required=True),
            click.Option(["--name"], required=True, help=_("What to call the new model.")),
            click.Option(
                ["--type", "file_type"],
                type=click.Choice(list(TYPES), case_sensitive=False),
                default="F16",
                help=_("How its numbers are kept: F16 is exact and large, Q4_K_M small."),
            ),
            _json(),
        ],
    )


# --- looking ----------------------------------------------------------------------------------------


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    found = session.bare_app.adapters.list()
    if is_json:
        echo_json([as_object(adapter) for adapter in found])
        return
    for adapter in found:
        what = adapter.problem or _("{architecture}, rank {rank}").format(
            architecture=adapter.architecture, rank=adapter.rank
        )
        echo(one_line(f"{adapter.name}  {size_text(adapter.size_bytes)}  {what}"))
    if not found:
        click.echo(_("No adapter is on this machine yet."))


def as_object(adapter: Adapter) -> dict[str, Any]:
    """What `--json` prints of an adapter."""
    return {
        "name": adapter.name,
        "path": str(adapter.path),
        "sha256": adapter.sha256,
        "architecture": adapter.architecture,
        "rank": adapter.rank,
        "alpha": adapter.alpha,
        "changes": adapter.changes,
        "size_bytes": adapter.size_bytes,
        "card": adapter.card,
        "problem": adapter.problem,
    }


@click.pass_obj
def _info(session: Session, /, name: str, model: str, is_json: bool) -> None:
    app = session.app if model else session.bare_app
    found = app.adapters.find(name)
    told = as_object(found)
    if model:
        header = app.models.find(model).header
        reason = _("the model is no file of this machine") if header is None else found.fits(header)
        told |= {"model": model, "misfit": reason}
    if is_json:
        echo_json(told)
        return
    lines = [(one_line(label), one_line(value)) for label, value in _lines(found, told) if value]
    width = max(columns(label) for label, _value in lines)
    for label, value in lines:
        click.echo(f"{padded(label, width)}  {value}")


def _lines(adapter: Adapter, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Name"), adapter.name
    yield _("File"), str(adapter.path)
    yield _("Size"), size_text(adapter.size_bytes)
    yield _("SHA-256"), adapter.sha256
    yield _("Architecture"), adapter.architecture
    yield _("Rank"), f"{adapter.rank}"
    yield _("Alpha"), f"{adapter.alpha:g}"
    yield _("Changes"), _("{count} matrices").format(count=adapter.changes)
    if "misfit" in told:
        yield _("Fits {model}").format(model=told["model"]), told["misfit"] or _("yes")
    for key, value in adapter.card.items():
        yield key, value if isinstance(value, str) else repr(value)


# --- changing ---------------------------------------------------------------------------------------


@click.pass_obj
def _add(session: Session, /, file: Path, name: str, is_json: bool) -> None:
    adapter = session.bare_app.adapters.add(file, name)
    if is_json:
        echo_json(as_object(adapter))
        return
    echo(_("Added as “{name}”.").format(name=adapter.name))


@click.pass_obj
def _rename(session: Session, /, name: str, new_name: str) -> None:
    adapter = rename_adapter(session.bare_app, name, new_name)
    echo(_("It is now called “{name}”.").format(name=adapter.name))


@click.pass_obj
def _remove(session: Session, /, name: str, is_sure: bool) -> None:
    adapters = session.bare_app.adapters
    if not is_sure and sys.stdin.isatty():
        click.confirm(_("Delete the adapter “{name}”?").format(name=name), abort=True)
    elif not is_sure:
        raise click.UsageError(_("Nobody can be asked here: say --yes to remove it."))
    found = adapters.remove(name)
    text = _("Removed “{name}”, {size} are free again.")
    echo(text.format(name=found.name, size=size_text(found.size_bytes)))


@click.pass_obj
def _export(session: Session, /, name: str, file: Path) -> None:
    echo(str(session.bare_app.adapters.export(name, file)))


@click.pass_obj
def _merge(
    session: Session, /, model: str, adapters: tuple[str, ...], name: str, file_type: str, is_json: bool
) -> None:
    app = session.app
    base = app.models.find(model)
    chosen = fitted(app, parse_choice(", ".join(adapters)), base.name)
    line = ProgressLine()

    def show(progress: MergeProgress) -> None:
        percent = round(progress.fraction * 100)
        line.show(_("{stage} … {percent} %").format(stage=_(STAGES[progress.stage]), percent=percent))

    try:
        made: Model = run(merge(app, base, chosen, name=name, file_type=file_type.upper()), show)
    finally:
        line.clear()
    if is_json:
        echo_json({"name": made.name, "path": str(made.path), "size_bytes": made.size_bytes})
        return
    echo(_("Made the model “{name}”, {size}.").format(name=made.name, size=size_text(made.size_bytes)))
