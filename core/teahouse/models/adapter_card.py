"""Cards: what is known of an adapter, as JSON beside its file and as keys inside it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from teahouse.ids import new_id
from teahouse.models.adapter_file import AdapterFile, read_adapter
from teahouse.models.disk import sync_file

log = logging.getLogger(__name__)

MOST_BYTES = 1 << 20
PREFIX = "teahouse."
"""Keys of an adapter's own file that belong to its card."""


def card_file(path: Path) -> Path:
    """Where the card of an adapter's file lies."""
    return path.with_suffix(".json")


def read_card(path: Path, file: AdapterFile | None = None) -> dict[str, Any]:
    """What is known of an adapter: what its own file says, and over it the card beside it."""
    own = (file or read_adapter(path)).header.metadata
    known = {k.removeprefix(PREFIX): v for k, v in own.items() if k.startswith(PREFIX)}
    told = {key: value for key, value in known.items() if isinstance(value, bool | int | float | str)}
    try:
        if card_file(path).stat().st_size > MOST_BYTES:
            return told
        beside = json.loads(card_file(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return told
    except (OSError, ValueError, RecursionError) as error:
        log.info("the card of %s cannot be read: %s", path, error)
        return told
    return {**told, **beside} if isinstance(beside, dict) else told


def write_card(path: Path, card: Mapping[str, Any]) -> None:
    """Write the card of an adapter's file, whole or not at all; an empty one is none."""
    target = card_file(path)
    if not card:
        target.unlink(missing_ok=True)
        return
    part = target.with_name(f".{target.name}.{new_id()}.part")
    part.write_text(json.dumps(dict(card), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sync_file(part)
    part.replace(target)
