"""`teahouse models search|files`: models of a hub beyond the catalogue; `models get` fetches them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from teahouse.cli.console import echo, echo_json, one_line, run, size_text
from teahouse.cli.main import Session
from teahouse.engine import suitability
from teahouse.engine.configuration import from_settings
from teahouse.engine.suitability import Suitability
from teahouse.language import _, listed
from teahouse.models import hub
from teahouse.models.repository import HubFile, Repository


def commands() -> Iterator[click.Command]:
    """The two commands."""
    yield click.Command(
        "search",
        callback=_search,
        help=_(
            "Search Hugging Face for GGUF models. The words are sent to that host, or to"
            " models.hub_endpoint; nothing else is."
        ),
        params=[
            click.Argument(["words"], nargs=-1, required=True),
            click.Option(["--limit"], type=click.IntRange(1, 100), default=hub.SHOWN_AT_MOST,
                         show_default=True, help=_("Show no more than this many.")),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
        ],
    )  # fmt: skip
    yield click.Command(
        "files",
        callback=_files,
        help=_("The GGUF files of a repository, and whether they fit into this machine."),
        params=[
            click.Argument(["repository"], metavar="OWNER/NAME"),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
        ],
    )


@click.pass_obj
def _search(session: Session, /, words: tuple[str, ...], limit: int, is_json: bool) -> None:
    found: list[Repository] = run(hub.search(" ".join(words), net=session.app.net, limit=limit), _ignore)
    if is_json:
        echo_json([asdict(one) for one in found])
        return
    if not found:
        click.echo(_("Nothing was found."))
        return
    for one in found:
        echo(one_line(_repository_line(one)))
    echo(_("See the files of one with “teahouse models files OWNER/NAME”."))


def _repository_line(one: Repository) -> str:
    facts = [
        one.architecture,
        f"{one.parameters / 1e9:.1f}B" if one.parameters else "",
        one.licence,
        _("{count} downloads").format(count=f"{one.downloads:,}"),
        _("only for people who agreed to its terms there") if one.is_gated else "",
    ]
    return f"{one.id}  {listed(fact for fact in facts if fact)}"


@click.pass_obj
def _files(session: Session, /, repository: str, is_json: bool) -> None:
    app = session.app
    found: list[HubFile] = run(hub.files(repository, net=app.net), _ignore)
    machine, config = suitability.look_at(app), from_settings(app.settings)
    rows = [(file, suitability.of_file(file, config, machine)) for file in found]
    if is_json:
        echo_json([_as_object(file, fit) for file, fit in rows])
        return
    if not rows:
        click.echo(_("It has no GGUF file."))
        return
    for file, fit in rows:
        words = file.problem or fit.label
        echo(one_line(f"{file.path}  {size_text(file.size_bytes)}  {file.quantization}  {words}"))
    echo(_("Fetch one with “teahouse models get {repository}:FILE”.").format(repository=repository))


def _as_object(file: HubFile, fit: Suitability) -> dict[str, Any]:
    return {
        "reference": file.reference,
        "path": file.path,
        "revision": file.revision,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "quantization": file.quantization,
        "problem": file.problem,
        "fit": fit.level,
        "needs_bytes": fit.needs_bytes,
    }


def _ignore(_value: object) -> None:
    """A question has no progress to show."""
