"""Which actions of the window make sense now; the others are not offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse_desktop.window import Window

NEED_REPLY = ("copy_reply", "regenerate", "branch", "good", "bad")
NEED_QUESTION = ("edit",)
NEED_CONVERSATION = ("rename", "trash")
NEED_MESSAGE = ("pin",)
ZOOM = {"larger": 1, "smaller": -1, "usual_size": 0}


def is_possible(window: Window, name: str) -> bool:
    """Whether the action of this name would do something now."""
    chat = window.chat
    if name in ZOOM:
        return window.desks.looks.can_enlarge(ZOOM[name])
    if name == "stop":
        return chat.live is not None
    if name in ("other_side", "close_side"):
        return window.desks.is_made("beside") and window.desks.beside.is_double
    if name == "compare":
        return chat.live is None and chat.composer.can_send and not chat.composer.is_editing
    if name == "continue":
        return bool(window.desks.last_turn.reply_to_go_on)
    if name == "delete":
        return chat.live is None and chat.transcript.current >= 0
    if name in NEED_REPLY:
        return chat.live is None and bool(chat.last_message_id("assistant"))
    if name in NEED_QUESTION:
        return chat.live is None and bool(chat.last_message_id("user"))
    if name in NEED_CONVERSATION:
        return bool(chat.conversation.id)
    if name in NEED_MESSAGE:
        return bool(chat.transcript.column.items)
    return True
