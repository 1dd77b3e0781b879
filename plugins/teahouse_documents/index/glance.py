"""A look into index.db from the app's own process: most marks in a question name nothing, and wake nobody."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from teahouse_documents.index import naming
from teahouse_documents.index.index import Index
from teahouse_documents.named import Mentioned


def mentioned(file: Path, text: str) -> Mentioned:
    """What of the library a text names with `@` and `#`.

    Raises:
        Unusable, DocumentsError: As from `Index`.
    """
    with closing(Index(file, is_read_only=True)) as index:
        return naming.mentioned(index, text)
