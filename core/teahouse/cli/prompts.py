"""`teahouse prompts`: the prompt library in a terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from teahouse.cli.console import echo, echo_json, echo_reply, one_line, read_input
from teahouse.cli.main import Session
from teahouse.errors import StoreError
from teahouse.language import _
from teahouse.messages import Prompt

SHOWN_CHARS = 60


def command() -> click.Command:
    """The group."""
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))
    name = click.Argument(["name"])
    text = click.Argument(["text"])
    commands = (
        click.Command("list", callback=_list, help=_("Names and beginnings."), params=[as_json]),
        click.Command("show", callback=_show, help=_("Print the text of one."), params=[name]),
        click.Command(
            "add",
            callback=_add,
            help=_("Keep a text under a name, in place of one there is; “-” reads it from standard input."),
            params=[name, text],
        ),
        click.Command(
            "rename",
            callback=_rename,
            help=_("Give one another name."),
            params=[name, click.Argument(["new_name"])],
        ),
        click.Command("remove", callback=_remove, help=_("Delete one."), params=[name]),
    )
    return click.Group("prompts", help=_("Texts that are kept to be used again."), commands=commands)


@click.pass_obj
def _list(session: Session, /, is_json: bool) -> None:
    found = session.app.store.prompts()
    if is_json:
        echo_json([asdict(prompt) for prompt in found])
        return
    for prompt in found:
        text = one_line(prompt.text)
        short = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
        echo(f"{one_line(prompt.name)}  {short}")
    if not found:
        echo(_("There is no prompt yet."))


@click.pass_obj
def _show(session: Session, /, name: str) -> None:
    prompt = _find(session, name)
    echo_reply(prompt.text)
    if sys.stdout.isatty() and not prompt.text.endswith("\n"):
        click.echo()


@click.pass_obj
def _add(session: Session, /, name: str, text: str) -> None:
    text = read_input(sys.stdin.read) if text == "-" else text
    session.app.store.save_prompt(" ".join(name.split()), text.strip())


@click.pass_obj
def _rename(session: Session, /, name: str, new_name: str) -> None:
    session.app.store.rename_prompt(name, " ".join(new_name.split()))


@click.pass_obj
def _remove(session: Session, /, name: str) -> None:
    session.app.store.delete_prompt(name)


def _find(session: Session, name: str) -> Prompt:
    found = next((prompt for prompt in session.app.store.prompts() if prompt.name == name), None)
    if found is None:
        raise StoreError(
            _("There is no prompt “{name}”.").format(name=name), _("“teahouse prompts list” shows them.")
        )
    return found
