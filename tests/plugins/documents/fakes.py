"""Parser and embedder without models or children: what is tested here is what the index makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from teahouse.errors import EngineError
from teahouse.passages import Embedder, Piece, Place
from teahouse_documents.child import make_vectors
from teahouse_documents.indexing.ports import Read, Unreadable
from teahouse_documents.options import Options
from teahouse_documents.owning.owner import Owner

DIMENSION = 8


class FakeParser:
    """Each paragraph of a text is a piece; some words make it fail."""

    def __init__(self) -> None:
        self.identities = frozenset({"fake/1"})
        self.read_paths: list[str] = []

    def wants(self, name: str) -> bool:
        return name.endswith((".txt", ".md"))

    def identity(self, path: str) -> str:
        return "fake/1"

    def read(self, path: str, is_stopped: Callable[[], bool]) -> Read:
        self.read_paths.append(path)
        text = Path(path).read_bytes().decode("utf-8", "replace")
        if text.startswith("BROKEN"):
            raise Unreadable("It is broken.", "Mend it.", is_quarantined=True)
        if text.startswith("LOCKED"):
            raise Unreadable("It is locked.")
        # a heading each: the chunker joins small neighbours under the same one
        parts = [part for part in text.split("\n\n") if part.strip()]
        pieces = [
            Piece(part, "text", Place(line=at, heading=(f"h{at}",))) for at, part in enumerate(parts, 1)
        ]
        return Read(pieces, ("a remark",) if "REMARK" in text else ())

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass


class FakeEmbedder:
    """Vectors from the hash of a text; counts what it embeds, in a file too where one is named."""

    def __init__(self, name: str = "fake", dimension: int = DIMENSION, tally: Path | None = None) -> None:
        self.embedder = Embedder(name, dimension, identity=f"{name}/{dimension}")
        self.identity, self.dimension = self.embedder.identity, dimension
        self.embedded: list[str] = []
        self.is_broken = False
        self._tally = tally

    def count(self, texts: Sequence[str]) -> list[int]:
        return [max(1, len(text) // 4) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Any:
        if self.is_broken:
            raise EngineError("The fake embedder is broken.")
        self.embedded += texts
        if self._tally is not None:
            with self._tally.open("ab") as stream:
                stream.write(b"x" * len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str, cancel: object = None) -> Any:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=self.dimension)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def close(self) -> None:
        pass


class Bench:
    """An owner without threads: `settle` does all that is due, here and now."""

    def __init__(
        self,
        folder: Path,
        *,
        options: Options | None = None,
        embedder: Any = None,
        has_threads: bool = False,
    ) -> None:
        self.parser = FakeParser()
        self.embedder = embedder or FakeEmbedder()
        self.owner = Owner(
            folder,
            options or Options(is_watched=False),
            make_parser=lambda _options: self.parser,
            make_embedding=self._make_embedding,
            make_vectors=make_vectors,
            has_threads=has_threads,
        )

    def _make_embedding(self, spec: dict[str, Any] | None) -> Any:
        """The one that is indexed for; another one by its specification, as a search asks for it."""
        if spec is None or spec["identity"] == self.embedder.identity:
            return self.embedder
        return FakeEmbedder(spec["name"], spec["dimension"])

    def settle(self) -> None:
        self.owner.scanning.scan_now()
        assert self.owner.indexing is not None
        self.owner.indexing.run_here()

    def restart(self, **changes: Any) -> Bench:
        folder = self.owner.folder
        self.owner.close()
        return Bench(folder, **{"embedder": self.embedder, **changes})

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.owner.index.reading() as connection:
            return [tuple(row) for row in connection.execute(query, values)]

    def states(self) -> dict[str, str]:
        return {Path(path).name: state for path, state in self.rows("SELECT path, state FROM file")}
