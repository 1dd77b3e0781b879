"""A temporary collection of paragraphs, searched as the library searches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from teahouse.passages import Passage, Piece
from teahouse_documents.chunking import chunks
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation.measures import rank_of
from teahouse_documents.index import content, fts
from teahouse_documents.index.index import Index
from teahouse_documents.search import fit, fusion, lexical
from teahouse_documents.search.fusion import LOOKED_AT_AGAIN, RERANKED
from teahouse_documents.search.maxsim import MaxSim, TokenCache
from teahouse_documents.search.reranking import Reranking
from teahouse_documents.vectors import Vectors

CACHE_BYTES = 1 << 30
"""Token vectors of about 7,000 paragraphs; of more some are computed again."""
FOUND = 50


@dataclass(frozen=True, slots=True)
class Ranks:
    """The rank of one question's paragraph by each method."""

    words: int | None
    vectors: int | None
    fused: int | None
    second: int | None
    rerank: int | None = None


class Trial:
    """Paragraphs in an index.db of their own, each as a file.

    Args:
        folder: Where the index is made; removed by its owner.
        reranking: Looks at the best after the second look; None where there is none.
        most, target: Lengths of chunks in tokens.
    """

    def __init__(
        self,
        folder: Path,
        embedding: Embedding,
        *,
        most: int = chunks.MOST_TOKENS,
        target: int = chunks.TARGET_TOKENS,
        reranking: Reranking | None = None,
    ) -> None:
        self._index = Index(folder / "index.db")
        self._embedding = embedding
        self._most, self._target = most, target
        self._reranking = reranking
        self._vectors = Vectors(None, token="")
        self._second = MaxSim(embedding, TokenCache(CACHE_BYTES))
        self._paragraphs: dict[int, int] = {}
        self._added = 0
        with self._index.writing() as connection:
            self._embedder_id = connection.execute(
                "INSERT INTO embedder (identity, name, dimension, state) VALUES (?, ?, ?, 'active')",
                (embedding.identity, embedding.name, embedding.dimension),
            ).lastrowid
            connection.execute("INSERT INTO collection (name, created_ms) VALUES ('trial', 0)")
            connection.execute("INSERT INTO source (collection_id, kind, path) VALUES (1, 'folder', '/')")

    def add(self, paragraphs: Sequence[str]) -> Iterator[int]:
        """Index them; yields how many are done."""
        for text in paragraphs:
            number, self._added = self._added, self._added + 1
            cut = chunks.cut([Piece(text)], self._embedding.count, most=self._most, target=self._target)
            made = self._embedding.embed_passages([chunk.text for chunk in cut]).astype("<f2")
            with self._index.writing() as connection:
                file_id = connection.execute(
                    "INSERT INTO file (source_id, path, size, mtime_ns, state, changed_ms) "
                    "VALUES (1, ?, 0, 0, 'done', 0)",
                    (str(number),),
                ).lastrowid
                assert file_id is not None and self._embedder_id is not None
                rows = [(chunk, fts.words_of(chunk.heading, chunk.text)) for chunk in cut]
                content.put_chunks(connection, file_id, self._embedder_id, rows)
                ids = content.pending(connection, file_id, self._embedder_id)
                blobs = [row.tobytes() for row in made]
                content.put_vectors(connection, self._embedder_id, list(zip(ids, blobs, strict=True)))
            self._paragraphs |= dict.fromkeys(ids, number)
            yield number + 1

    def prepare(self) -> Iterator[int]:
        """Compute the token vectors that the second look needs, once for all questions; yields how many."""
        with self._index.reading() as connection:
            texts = [row[0] for row in connection.execute("SELECT text FROM chunk ORDER BY id")]
        for done, text in enumerate(texts, start=1):
            self._second.tokens(text)
            yield done

    def ask(self, question: str, wanted: int, *, has_second_look: bool = True) -> Ranks:
        """The ranks of the paragraph that answers a question."""
        vector = self._embedding.embed_query(question)
        with self._index.reading() as connection:
            words = lexical.search(connection, question, limit=FOUND)
            hits, _by = self._vectors.search(connection, vector, limit=FOUND)
            found = fusion.search(connection, self._vectors, question, vector, limit=FOUND)
        order = list(found.hits)
        second = None
        if has_second_look:
            first = order[:LOOKED_AT_AGAIN]
            again = self._best_first(self._second.scores(question, first), first)
            second = self._rank(wanted, [hit.id for hit in [*again, *order[LOOKED_AT_AGAIN:]]])
        rerank = None
        if self._reranking is not None:
            first = order[:RERANKED]
            ranked = self._best_first(self._reranking.scores(question, first), first)
            rerank = self._rank(wanted, [hit.id for hit in [*ranked, *order[RERANKED:]]])
        return Ranks(
            self._rank(wanted, [hit.id for hit in words]),
            self._rank(wanted, [hit.id for hit in hits]),
            self._rank(wanted, [hit.id for hit in order]),
            second,
            rerank,
        )

    def fits(self, question: str, without: Sequence[Collection[int]]) -> list[dict[str, Any]]:
        """How well the best passages fit a question, as the gate is told, with some paragraphs taken away.

        Args:
            without: For each answer the numbers of the paragraphs that are not there.
        """
        vector = self._embedding.embed_query(question)
        answers = []
        with self._index.reading() as connection:
            lexicon = lexical.look_up(connection, question)
            words = lexical.search(connection, lexicon, limit=FOUND * 2)
            hits, _by = self._vectors.search(connection, vector, limit=FOUND * 2)
            for gone in without:
                fused = fusion.fuse(
                    [word for word in words if self._paragraphs[word.id] not in gone][:FOUND],
                    [hit for hit in hits if self._paragraphs[hit.id] not in gone][:FOUND],
                )
                first = fused[:LOOKED_AT_AGAIN]
                texts = dict(
                    connection.execute(
                        f"SELECT id, text FROM chunk WHERE id IN ({', '.join(str(one.id) for one in first)})"
                    ).fetchall()
                )
                scores = self._second.scores(question, [Passage(texts[one.id], "") for one in first])
                judged = [replace(one, again_score=s) for one, s in zip(first, scores, strict=True)]
                answers.append(fit.fit_of(connection, lexicon, judged))
        return answers

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return len(self._paragraphs)

    def close(self) -> None:
        """Let go of the files."""
        self._vectors.close()
        self._index.close()

    @staticmethod
    def _best_first(scores: Sequence[float], hits: Sequence[Passage]) -> list[Passage]:
        return [hit for _score, hit in sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])]

    def _rank(self, wanted: int, ids: Sequence[int | None]) -> int | None:
        return rank_of(wanted, [self._paragraphs[number] for number in ids if number is not None])
