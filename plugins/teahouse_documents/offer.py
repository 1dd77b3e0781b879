"""The embedding model that is offered while there is none: which, and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse_documents.settings import EMBEDDER

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.catalogue import Entry


def missing_embedder(app: App) -> Entry | None:
    """The catalogue's entry that is to be fetched; None where it is here or another was chosen.

    Reads the folder of models: not for the window's thread.
    """
    from teahouse.models import catalogue
    from teahouse_documents.embedding.choice import DEFAULT_KEY

    if str(app.settings.get(EMBEDDER)):
        return None
    entry = catalogue.find(DEFAULT_KEY)
    here = {model.path.name for model in app.models.list() if model.path and not model.problem}
    return None if entry.file in here else entry
