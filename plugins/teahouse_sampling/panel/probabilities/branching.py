"""Going on from another token: another version of a reply that begins with the tokens before it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_sampling.panel.probabilities.reading import Reading
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App


def go_on_from(app: App, window: PanelWindow, reading: Reading, place: int, token: int) -> None:
    """Let the model go on after a token that it did not take; the reply as it was stays as a version.

    Args:
        place: Of the token that is replaced.
    """
    if reading.kind != "reply" or window.is_busy:
        return
    operation = branch(
        app, reading.conversation_id, message_id=reading.message_id, keep=place, token_ids=(token,)
    )
    window.ask(operation, replaces=reading.message_id)


def branch(
    app: App, conversation_id: str, *, message_id: str, keep: int, token_ids: tuple[int, ...]
) -> Operation:
    """A turn that begins a reply again: its first `keep` tokens stay, these follow, the model goes on."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.branch import Branch
        from teahouse.chat.turn import TurnRequest, take_turn

        request = TurnRequest(conversation_id, branch=Branch(message_id, keep, token_ids))
        return (yield from take_turn(app, request)(cancel))

    return Operation(_("Going on from another token"), work, "model")
