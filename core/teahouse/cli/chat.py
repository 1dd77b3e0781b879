"""`teahouse chat`: a conversation in the terminal, kept like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from teahouse.chat.beginning import can_go_on
from teahouse.chat.turn import TurnRequest, take_turn, wanted_model
from teahouse.cli.console import echo, read_input, run
from teahouse.cli.files import added_text, read_files
from teahouse.cli.main import Session
from teahouse.cli.options import context_options, model_options, values_from
from teahouse.cli.reply import ReplyView
from teahouse.errors import AppError
from teahouse.language import _
from teahouse.messages import File, Reply

if TYPE_CHECKING:
    from teahouse.app import App

QUIT = ("/quit", "/exit")
ATTACH = "/attach"
CONTINUE = "/continue"


def command() -> click.Command:
    """The command."""
    return click.Command(
        "chat",
        callback=_chat,
        help=_(
            "Chat in the terminal. Ctrl-C stops a reply, /continue goes on with one that was cut,"
            " /attach FILE adds a file, /quit ends the chat."
        ),
        params=[*model_options(), *context_options()],
    )


@click.pass_obj
def _chat(session: Session, /, **params: Any) -> None:
    converse(session, params)


def converse(session: Session, params: dict[str, Any] | None = None) -> None:
    """Read, answer, repeat, until `/quit` or the end of the input."""
    params = params or {"model": "", "system": "", "seed": None, "temperature": None, "max_tokens": None}
    app = session.app
    model, settings = wanted_model(app, name=params["model"]), values_from(app, params)
    echo(
        _(
            "{model} · Ctrl-C stops a reply, /continue goes on with it, /attach FILE adds a file,"
            " /quit ends the chat"
        ).format(model=model)
    )
    conversation_id = ""
    files: list[File] = []
    while (text := _read(files)) is not None:
        last = _last_reply(app, conversation_id)
        if text == CONTINUE and not last:
            echo(_("There is no reply to go on with."), is_error=True)
            continue
        if not conversation_id:
            conversation_id = app.store.create_conversation(model=model, system_prompt=params["system"]).id
        request = TurnRequest(
            conversation_id,
            text,
            continues=last if text == CONTINUE else "",
            settings=settings,
            seed=params["seed"],
            overflow=params.get("overflow") or "",
            reasoning=params.get("reasoning") or "",
            is_reproducible=params.get("is_reproducible"),
            attachments=tuple(files),
        )
        if not request.continues:  # files that were added wait for the next message
            files.clear()
        _answer(session, request)


def _last_reply(app: App, conversation_id: str) -> str:
    """Id of the last reply that ended before the model was done; empty for none."""
    path = app.store.visible_path(conversation_id) if conversation_id else []
    if path and can_go_on(path[-1], app.store.generation(path[-1].id)):
        return path[-1].id
    return ""


def _read(files: list[File]) -> str | None:
    """The next message; files that are added before it are put into `files`."""
    while True:
        try:
            text = read_input(lambda: input("> ")).strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return None
        if text in QUIT:
            return None
        if text.split(maxsplit=1)[:1] == [ATTACH]:
            _attach(text[len(ATTACH) :].strip(), files)
        elif text:
            return text


def _attach(name: str, files: list[File]) -> None:
    if not name:
        echo(_("Name the file: /attach FILE"), is_error=True)
        return
    try:
        files.extend(read_files([name], so_far=len(files)))
    except AppError as error:
        echo(_("Error: {text}").format(text=error), is_error=True)
        return
    echo(added_text(files[-1]))


def _answer(session: Session, /, request: TurnRequest) -> None:
    view = ReplyView()
    try:
        reply: Reply = run(take_turn(session.app, request), view.show)
        click.echo()
        view.show_limit(reply)
    except KeyboardInterrupt:
        click.echo("\n" + _("[stopped]"))
    except AppError as error:
        echo("\n" + _("Error: {text}").format(text=error), is_error=True)
    finally:
        view.end()
