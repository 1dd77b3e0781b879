"""What families of embedding models want before a question and before a passage, from their model cards."""

from __future__ import annotations

import re
from typing import NamedTuple


class Prefixes(NamedTuple):
    """Texts put before what is embedded."""

    query: str = ""
    passage: str = ""


_SEARCH = "Represent this sentence for searching relevant passages: "
_FAMILIES: tuple[tuple[str, Prefixes], ...] = (
    (r"e5-.*instruct", Prefixes("Instruct: Find passages that answer the question\nQuery: ")),
    (r"\be5\b|\be5-", Prefixes("query: ", "passage: ")),
    (r"nomic-embed", Prefixes("search_query: ", "search_document: ")),
    (r"snowflake-arctic-embed.*v2|arctic-embed.*v2", Prefixes("query: ")),
    (r"snowflake-arctic-embed|arctic-embed|mxbai-embed", Prefixes(_SEARCH)),
    (r"bge-.*-zh", Prefixes("为这个句子生成表示以用于检索相关文章：")),
    (r"bge-.*-en", Prefixes(_SEARCH)),
    (r"qwen3-embedding", Prefixes("Instruct: Find passages that answer the question\nQuery:")),
    (r"embeddinggemma", Prefixes("task: search result | query: ", "title: none | text: ")),
    (r"granite-embedding|gte-|bge-m3|minilm|paraphrase-", Prefixes()),
)


def prefixes_of(*names: str) -> Prefixes:
    """The prefixes of the first family that a name of the model or its file belongs to; none for others."""
    for name in names:
        plain = re.sub(r"[\s_]+", "-", name.lower())
        for pattern, prefixes in _FAMILIES:
            if re.search(pattern, plain):
                return prefixes
    return Prefixes()
