"""`teahouse chats trash|restore`: thrown away, and brought back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.conversation_ids import find_by_id
from teahouse.cli.main import Session
from teahouse.events import changed
from teahouse.language import _
from teahouse.messages import Conversation


def commands() -> Iterator[click.Command]:
    """The two commands."""
    params: list[click.Parameter] = [
        click.Argument(["ids"], metavar="ID...", nargs=-1, required=True),
        click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
    ]
    yield click.Command(
        "trash",
        callback=_trash,
        help=_("Move conversations to the trash, where they are kept for 30 days."),
        params=params,
    )
    yield click.Command(
        "restore", callback=_restore, help=_("Bring conversations back from the trash."), params=params
    )


@click.pass_obj
def _trash(session: Session, /, ids: tuple[str, ...], is_json: bool) -> None:
    store = session.app.store
    # All are looked up before the first one is moved: a mistyped id moves nothing.
    chosen = _chosen(store.conversations(), ids)
    for conversation in chosen:
        store.trash_conversation(conversation.id)
    _tell(session, chosen, _("“{title}” is in the trash. Back with: teahouse chats restore {id}"), is_json)


@click.pass_obj
def _restore(session: Session, /, ids: tuple[str, ...], is_json: bool) -> None:
    store = session.app.store
    chosen = _chosen(store.conversations(is_trashed=True), ids)
    for conversation in chosen:
        store.restore_conversation(conversation.id)
    _tell(session, chosen, _("“{title}” is back."), is_json)


def _tell(session: Session, moved: Sequence[Conversation], text: str, is_json: bool) -> None:
    """Publish it, and print a line for each, or one JSON array of the conversations as they are now."""
    session.app.events.publish(changed("conversations"))
    if is_json:
        echo_json([asdict(session.app.store.conversation(one.id)) for one in moved])
        return
    for one in moved:
        echo(text.format(title=one.title or _("(without title)"), id=one.id))


def _chosen(conversations: Sequence[Conversation], ids: Sequence[str]) -> list[Conversation]:
    found = [find_by_id(conversations, word) for word in ids]
    return list({conversation.id: conversation for conversation in found}.values())
