"""Conversations of this app as rows: chosen by folder, tag or thumb."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse_training.data import objects
from teahouse_training.data.rows import Data, Kind, Row, Said

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation, Message

_ = Translator("teahouse_training")

DONE = ("complete", "stopped")


def read_conversations(app: App, kind: Kind, *, folder: str = "", tag: str = "", thumb: int = 0) -> Data:
    """What stands in the conversations that fit; a reply with a thumb down is never learned.

    Args:
        thumb: 1 takes only replies with a thumb up: each is a row, what was said before it is only read.
    """
    chosen = [
        one for one in app.store.conversations()
        if (not folder or one.folder == folder) and (not tag or tag in one.tags)
    ]  # fmt: skip
    data = Data(_name(folder, tag, thumb), kind)
    for number, one in enumerate(chosen, 1):
        path = [message for message in app.store.visible_path(one.id) if message.state in DONE]
        for row in _rows(number, one, path, thumb=thumb):
            data.total += 1
            objects.check_said(data, row)
    snapshot = json.dumps([row.as_json() for row in data.rows], ensure_ascii=False)
    data.sha256 = hashlib.sha256(snapshot.encode("utf-8", "replace")).hexdigest()
    return data


def _rows(number: int, one: Conversation, path: list[Message], *, thumb: int) -> Iterator[Row]:
    said = [Said("system", one.system_prompt)] if one.system_prompt else []
    liked = False
    for message in path:
        if message.role == "assistant" and message.thumb < 0:
            break  # what was said after it rests on it
        said.append(Said(message.role, message.text))
        liked = message.role == "assistant" and message.thumb > 0
        if thumb > 0 and liked:
            yield Row(number, tuple(said), learns_last_only=True, source=one.title)
    if thumb <= 0 and said:
        yield Row(number, tuple(said), source=one.title)


def _name(folder: str, tag: str, thumb: int) -> str:
    chosen = [folder, f"#{tag}" if tag else "", "👍" if thumb > 0 else ""]
    return _("conversations {chosen}").format(chosen=" ".join(filter(None, chosen))).strip()
