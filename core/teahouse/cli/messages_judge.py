"""`teahouse messages judge`: what a person says about a reply."""

from __future__ import annotations

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.main import Session
from teahouse.errors import AppError
from teahouse.events import changed
from teahouse.language import _
from teahouse.messages import Message

THUMBS = {"good": 1, "bad": -1, "none": 0}


def command() -> click.Command:
    """The command."""
    return click.Command(
        "judge",
        callback=_judge,
        help=_("Say whether a reply is good or bad, why, and whether it is the best of its versions."),
        params=[
            click.Argument(["message_id"], metavar="ID"),
            click.Option(["--thumb"], type=click.Choice(list(THUMBS)), help=_("What you think of it.")),
            click.Option(["--note"], help=_("Why; an empty text takes the note back.")),
            click.Option(
                ["--best/--not-best", "is_best"], default=None, help=_("Whether no other version is better.")
            ),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON.")),
        ],
    )


@click.pass_obj
def _judge(
    session: Session,
    /,
    message_id: str,
    thumb: str | None,
    note: str | None,
    is_best: bool | None,
    is_json: bool,
) -> None:
    store = session.app.store
    message = store.message(message_id)
    if message.role != "assistant":
        raise AppError(
            _("Only replies of a model can be judged."),
            _("“teahouse messages list” shows who has said what."),
            message_id=message_id,
        )
    if thumb is not None or note is not None:
        store.judge_message(message_id, thumb=THUMBS[thumb] if thumb else None, note=note)
    if is_best is not None:
        _rank(session, message_id, is_best=is_best)
    message = store.message(message_id)
    session.app.events.publish(changed("messages", conversation_id=message.conversation_id))
    _tell(message, is_json=is_json)


def _rank(session: Session, message_id: str, *, is_best: bool) -> None:
    if is_best:
        session.app.store.rank_messages([message_id])
    else:
        session.app.store.clear_rank(message_id)


def _tell(message: Message, *, is_json: bool) -> None:
    """What is said of the reply now, whether this call has changed it or not."""
    if is_json:
        facts = {"thumb": message.thumb, "note": message.note, "is_best": message.rank == 1}
        echo_json({"id": message.id, "conversation_id": message.conversation_id, **facts})
        return
    words = {1: _("good"), -1: _("bad"), 0: _("no judgement")}[message.thumb]
    best = _("best of its versions") if message.rank == 1 else ""
    echo(" · ".join(part for part in (words, best, message.note) if part))
