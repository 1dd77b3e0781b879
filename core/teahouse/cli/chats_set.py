"""`teahouse chats set`: what belongs to a conversation besides its messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.conversation_ids import find_by_id
from teahouse.cli.main import Session
from teahouse.cli.options import parse_values, setting_of, values_option
from teahouse.events import changed
from teahouse.language import _


def command() -> click.Command:
    """The command."""
    return click.Command(
        "set",
        callback=_set,
        help=_("Change what belongs to a conversation: its title, system prompt, folder, tags, place."),
        params=[
            click.Argument(["name"], metavar="ID"),
            click.Option(["--title"], help=_("Its title.")),
            click.Option(["--system-prompt"], help=_("What the model is told before it; empty for nothing.")),
            click.Option(["--folder"], help=_("Its folder; empty for none.")),
            click.Option(
                ["--tag", "tags"],
                multiple=True,
                help=_("Its tags, one each, in place of all; empty for none."),
            ),
            values_option(_("A setting of its own, such as sampling.top_k=20; repeatable.")),
            click.Option(
                ["--reset", "resets"],
                metavar="KEY",
                multiple=True,
                help=_("Take a setting of its own back; repeatable."),
            ),
            click.Option(["--pin/--unpin", "is_pinned"], default=None, help=_("At the top of the list.")),
            click.Option(["--archive/--unarchive", "is_archived"], default=None, help=_("Out of the way.")),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
        ],
    )


@click.pass_obj
def _set(
    session: Session,
    /,
    name: str,
    tags: tuple[str, ...],
    values: tuple[str, ...],
    resets: tuple[str, ...],
    is_json: bool,
    **wishes: Any,
) -> None:
    fields = {field: value for field, value in wishes.items() if value is not None}
    if tags:
        fields["tags"] = tags
    for field in fields.keys() & {"title", "folder"}:
        fields[field] = " ".join(fields[field].split())
    if not (fields or values or resets):
        raise click.UsageError(_("What is to be changed? See --help."))
    store = session.app.store
    found = find_by_id([*store.conversations(), *store.conversations(is_trashed=True)], name)
    if values or resets:
        fields["settings"] = _changed(session, found.settings, values, resets)
    made = store.change_conversation(found.id, **fields)
    session.app.events.publish(changed("conversations", conversation_id=made.id))
    if is_json:
        echo_json(asdict(made))
        return
    echo(_("“{title}” is changed.").format(title=made.title or _("(without title)")))


def _changed(
    session: Session, own: Mapping[str, Any], values: tuple[str, ...], resets: tuple[str, ...]
) -> dict[str, Any]:
    """A conversation's own settings with some chosen and some taken back."""
    chosen = parse_values(session.app, values)
    gone = {key if key in own else setting_of(session.app, key).key for key in resets}
    return {key: value for key, value in {**own, **chosen}.items() if key not in gone}
