"""`teahouse messages`: single messages: pinned, let go, judged, and what a model was sent for a reply."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import click

from teahouse.app import App
from teahouse.chat.adapter_changes import as_objects, sets_of
from teahouse.cli import messages_judge
from teahouse.cli.console import (
    ProgressLine,
    columns,
    echo,
    echo_json,
    echo_reply,
    loading_text,
    one_line,
    padded,
    run,
)
from teahouse.cli.conversation_ids import find_by_name
from teahouse.cli.main import Session
from teahouse.errors import StoreError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import Generation, Message, ModelLoading

LONGEST_LINE = 70
"""Columns of a message's beginning in the list."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a model was sent for one reply: its text, and what was stored of the reply."""

    text: str
    generation: Generation


def command() -> click.Command:
    """The group."""
    group = click.Group("messages", help=_("Single messages of conversations."))
    message = click.Argument(["message_id"], metavar="ID")
    conversation = click.Argument(["name"], metavar="ID|TITLE")
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))
    texts = {
        "list": (_list, conversation, _("The messages of one conversation, with their ids.")),
        "pin": (_pin, message, _("Pin a message: it is sent whatever is left out.")),
        "unpin": (_unpin, message, _("Let a pinned message go.")),
        "sent": (_sent, message, _("Print exactly what the model was sent for a reply.")),
    }
    for name, (callback, argument, text) in texts.items():
        group.add_command(click.Command(name, callback=callback, help=text, params=[argument, as_json]))
    group.add_command(messages_judge.command())
    return group


# --- list -------------------------------------------------------------------------------------------


@click.pass_obj
def _list(session: Session, /, name: str, is_json: bool) -> None:
    store = session.app.store
    known = [*store.conversations(), *store.conversations(is_trashed=True)]
    messages = store.visible_path(find_by_name(known, name).id)
    if is_json:
        echo_json([_as_object(message) for message in messages])
        return
    width = max((columns(_speaker(message)) for message in messages), default=0)
    for message in messages:
        mark = "📌" if message.is_pinned else "  "
        echo(f"{message.id}  {mark}  {padded(_speaker(message), width)}  {_beginning(message.text)}")
    if not messages:
        echo(_("There is no message here."))


def _as_object(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "role": message.role,
        "state": message.state,
        "is_pinned": message.is_pinned,
        "text": message.text,
    }


def _speaker(message: Message) -> str:
    return {"user": _("You"), "assistant": _("Model")}.get(message.role, message.role)


def _beginning(text: str) -> str:
    line = one_line(" ".join(text.split()))
    while columns(line) > LONGEST_LINE:
        line = line[: max(LONGEST_LINE // 2, len(line) - (columns(line) - LONGEST_LINE) - 1)] + "…"
    return line


# --- pin, unpin -------------------------------------------------------------------------------------


@click.pass_obj
def _pin(session: Session, /, message_id: str, is_json: bool) -> None:
    _set_pin(session.app, message_id, True, is_json=is_json)


@click.pass_obj
def _unpin(session: Session, /, message_id: str, is_json: bool) -> None:
    _set_pin(session.app, message_id, False, is_json=is_json)


def _set_pin(app: App, message_id: str, is_pinned: bool, *, is_json: bool) -> None:
    app.store.pin_message(message_id, is_pinned)
    message = app.store.message(message_id)
    app.events.publish(changed("messages", conversation_id=message.conversation_id))
    if is_json:
        echo_json(_as_object(message))
        return
    text = _("Pinned: {text}") if is_pinned else _("No longer pinned: {text}")
    echo(text.format(text=_beginning(message.text)))


# --- sent -------------------------------------------------------------------------------------------


@click.pass_obj
def _sent(session: Session, /, message_id: str, is_json: bool) -> None:
    app = session.app
    message = app.store.message(message_id)
    line = ProgressLine()

    def show(event: object) -> None:
        if isinstance(event, ModelLoading):
            line.show(loading_text(event))

    try:
        sent: Sent = run(_read_sent(app, message), show)
    finally:
        line.clear()
    if is_json:
        echo_json(_sent_object(message, sent))
        return
    echo_reply(sent.text if sent.text.endswith("\n") else sent.text + "\n")


def _read_sent(app: App, message: Message) -> Work:
    """Spell out the stored numbers; only the model that read them can."""
    generation = app.store.generation(message.id)
    if generation is None or not generation.prompt_ids:
        raise StoreError(
            _("What was sent for this message has not been kept."),
            _("Only replies of a model have it; “teahouse messages list” shows their ids."),
            message_id=message.id,
        )

    def work(cancel: Cancel) -> Generator[ModelLoading, None, Sent]:
        engine = yield from app.engines.open(generation.model, cancel)
        if engine.model_hash != generation.model_hash:
            raise StoreError(
                _("What was sent is kept as numbers, and the model {model} is another one now.").format(
                    model=generation.model
                ),
                _("Only the model that wrote the reply can spell them out."),
                message_id=message.id,
            )
        pieces = engine.pieces(generation.prompt_ids)
        return Sent(b"".join(piece for piece, _is_control in pieces).decode("utf-8", "replace"), generation)

    return work


def _sent_object(message: Message, sent: Sent) -> dict[str, Any]:
    generation = sent.generation
    return {
        "message_id": message.id,
        "conversation_id": message.conversation_id,
        "model": generation.model,
        "prompt": sent.text,
        "prompt_tokens": len(generation.prompt_ids),
        "context": generation.engine.get("context"),
        "sampling": generation.sampling,
        "seed": generation.seed,
        "adapters": as_objects(sets_of(generation)),
        **_fitted(message),
    }


def _fitted(message: Message) -> dict[str, Any]:
    """What was left out or repaired, as it was stored with the reply."""
    told: dict[str, Any] = {"not_sent": [], "is_summarised": False, "repair": ""}
    for part in message.parts:
        if part.kind == "context":
            try:
                found = json.loads(part.data)
            except (ValueError, RecursionError):
                continue
            told |= {name: found[name] for name in told if isinstance(found, dict) and name in found}
    return told
