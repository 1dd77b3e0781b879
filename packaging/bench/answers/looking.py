"""How long the second look takes: eight passages whose token vectors are not kept, and eight that are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bench.answers import xquad
from bench.finding import with_embedder
from bench.ratio import Result, Times
from teahouse.passages import Passage
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.search.fusion import LOOKED_AT_AGAIN
from teahouse_documents.search.maxsim import MaxSim, TokenCache

if TYPE_CHECKING:
    from bench.measurements import Say

LOOKS, PASSAGES, LIMIT_MS = 80, LOOKED_AT_AGAIN, 1500.0


def measure(folder: Path, say: Say) -> list[Result]:
    """Each time other passages, English and Chinese in turn."""
    sets = [xquad.read(xquad.file_of(folder, language)) for language in ("en", "zh")]
    new: list[float] = []
    kept: list[float] = []
    with with_embedder() as (workers, embedder), closing(Embedding(workers, embedder)) as embedding:
        MaxSim(embedding).scores("warm", [Passage("warm", "")])
        for number in range(LOOKS):
            say(f"second look {number + 1} of {LOOKS} …")
            those, at = sets[number % 2], number * 3
            question = those.asked[at % len(those.asked)].question
            texts = [those.paragraphs[(at + n) % len(those.paragraphs)] for n in range(PASSAGES)]
            passages = [Passage(text, "") for text in texts]
            maxsim = MaxSim(embedding, TokenCache())
            for times in (new, kept):
                begun = perf_counter()
                maxsim.scores(question, passages)
                times.append((perf_counter() - begun) * 1000)
    return [
        Times("second look at eight new passages", new, LIMIT_MS),
        Times("second look at eight passages whose token vectors are kept", kept),
    ]
