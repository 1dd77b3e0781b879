"""`teahouse chats branch`: a copy of a conversation up to one of its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.conversation_ids import SHORTEST, find_by_name
from teahouse.cli.main import Session
from teahouse.errors import StoreError
from teahouse.events import changed
from teahouse.language import _
from teahouse.messages import Message


def command() -> click.Command:
    """The command."""
    return click.Command(
        "branch",
        callback=_branch,
        help=_(
            "Copy a conversation up to one of its messages into a new one. MESSAGE is its id"
            " (see show --json), or its place from 1 in what is shown, from -1 at the end."
        ),
        params=[
            click.Argument(["name"], metavar="ID|TITLE"),
            click.Argument(["message"]),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
        ],
        # A place from the end looks like an option.
        context_settings={"ignore_unknown_options": True},
    )


@click.pass_obj
def _branch(session: Session, /, name: str, message: str, is_json: bool) -> None:
    store = session.app.store
    conversation = find_by_name([*store.conversations(), *store.conversations(is_trashed=True)], name)
    path = store.visible_path(conversation.id)
    tree = [*path, *store.whole(conversation.id).messages] if not _is_place(message) else path
    made = store.copy_branch(_find(tree, path, message).id)
    session.app.events.publish(changed("conversations", conversation_id=made.id))
    if is_json:
        echo_json(asdict(made))
        return
    echo(
        _("“{title}” was made ({id}). Messages in it: {count}.").format(
            title=made.title, count=len(store.visible_path(made.id)), id=made.id
        )
    )


def _is_place(word: str) -> bool:
    """Whether it counts messages: ids are longer."""
    return len(word) < SHORTEST and word.removeprefix("-").isdecimal()


def _find(tree: Sequence[Message], path: Sequence[Message], word: str) -> Message:
    """The message that is meant.

    Raises:
        StoreError: There is none, or more than one.
    """
    if _is_place(word):
        place = int(word)
        if 1 <= abs(place) <= len(path):
            return path[place - 1 if place > 0 else place]
    elif len(word) >= SHORTEST:
        ids = {
            one.id: one for one in tree if one.id.startswith(word.lower()) or one.id.endswith(word.lower())
        }
        if len(ids) == 1:
            return next(iter(ids.values()))
    raise StoreError(
        _("No message of this conversation is meant by “{word}”.").format(word=word),
        _("“teahouse chats show --json” shows the messages with their ids."),
        word=word,
    )
