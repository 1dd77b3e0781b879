"""A chroma server that a team shares: what it is sent leaves this machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from teahouse import Translator
from teahouse_documents.values import DocumentsError
from teahouse_documents.vectors.chroma import breakage

_ = Translator("teahouse_documents")


def connect(address: str) -> Any:
    """A client of the server at `http://host:port` or `https://host`.

    Raises:
        DocumentsError: The address is none.
        Broken: Nobody answers there.
    """
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address if "://" in address else f"http://{address}")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 8000)
    except ValueError:
        port = 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        raise DocumentsError(
            _("“{address}” is no address of a Chroma server.").format(address=address),
            _("Write it as http://host:8000, or leave documents.server empty to keep all vectors here."),
            address=address,
        )
    with breakage():
        client = chromadb.HttpClient(
            host=parts.hostname,
            port=port,
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
        client.heartbeat()
    return client
