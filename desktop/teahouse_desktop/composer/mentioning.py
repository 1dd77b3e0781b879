"""Asking plugins what a message can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.messages import Conversation
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.mentions import Mention


def complete(*, app: App, prefix: str, conversation: Conversation) -> Operation:
    """What fits the beginning of a name; the result is a list of `Mention`, each text once."""

    def ask() -> list[Mention]:
        found = app.plugins.call_each("complete_mention", prefix=prefix, conversation=conversation)
        return list({mention.text: mention for _plugin, mention in found}.values())

    return quick(translate("Operations", "Looking for names"), ask)
