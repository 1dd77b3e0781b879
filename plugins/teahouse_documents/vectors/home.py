"""Where chromadb's collections are: in the embedded folder, or on the server that a person has named."""

from __future__ import annotations

from typing import Any

from teahouse_documents.values import DocumentsError
from teahouse_documents.vectors.chroma import Chroma
from teahouse_documents.vectors.folder import Folder
from teahouse_documents.vectors.index import Broken
from teahouse_documents.vectors.server import connect


class Home:
    """Opens collections, and the connection to them when the first one is asked for.

    Args:
        token: Names the index.db, and so its collections.
        server: Address of a chroma server to use instead of the folder; empty for none.
    """

    def __init__(self, folder: Folder, *, token: str, server: str) -> None:
        self._folder, self._token, self._server = folder, token, server
        self.client: Any = None

    def collection(self, embedder_id: int, dimension: int) -> Chroma:
        """The collection of one embedder; made where it is missing.

        Raises:
            Broken: It cannot be opened.
        """
        if self.client is None:
            self.client = self._connected() if self._server else self._folder.open()
        name = f"teahouse-{self._token[:16]}-{embedder_id}"
        return Chroma(self.client, name, dimension=dimension, token=self._token)

    def disconnect(self) -> None:
        """Let go of the connection and the files."""
        self.client = None
        self._folder.close()

    def _connected(self) -> Any:
        try:
            return connect(self._server)
        except DocumentsError as error:  # no address: the library goes on without
            raise Broken(error.text) from error
