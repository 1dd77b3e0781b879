"""Conversations out of the house and into it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.exchange import export, import_files
from teahouse.jobs import Cancel
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, tell

if TYPE_CHECKING:
    from teahouse.app import App


def export_conversations(
    *, app: App, conversation_ids: Sequence[str], format_name: str, target: Path, is_replacing: bool = False
) -> Operation:
    """Write conversations to a file or a folder; yields `ExchangeProgress`, returns an `ExportReport`.

    Args:
        conversation_ids: None at all for every conversation that is not in the trash.
        format_name: A key of `teahouse.exchange.EXPORTS`.
        is_replacing: The person has agreed to replace what is there.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        ids = list(conversation_ids) or [found.id for found in app.store.conversations()]
        write = export(app.store, ids, name=format_name, target=target, is_replacing=is_replacing)
        return (yield from write(cancel))

    return Operation(translate("Operations", "Exporting conversations"), work)


def import_conversations(*, app: App, files: Sequence[Path], is_own: bool) -> Operation:
    """Add the conversations of some files; yields `ExchangeProgress`, returns an `ImportReport`.

    What was added before it is stopped stays.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        try:
            return (yield from import_files(app.store, files, is_own=is_own)(cancel))
        finally:
            tell(app, "conversations")

    return Operation(translate("Operations", "Importing conversations"), work)
