"""How well a text answers a question, by a model that was trained for just that (a reranker).

Both go through the model together (a cross-encoder), and its head gives one number. They are put together as
llama.cpp's server does it: by the file's own template `rank`, else with the tokens that part two texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import llama_cpp as lib

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel

TEMPLATE = "tokenizer.chat_template.rerank"
QUERY, DOCUMENT = "{query}", "{document}"
FIELDS = re.compile(f"({re.escape(QUERY)}|{re.escape(DOCUMENT)})")


def pair(model: LlamaModel, query: str, text: str) -> list[int]:
    """Ids of a question with a text; only what the template says itself can be a control token."""
    template = model.metadata(TEMPLATE)
    if not template:
        return _parted(model, model.tokenize(query), model.tokenize(text))
    given = {QUERY: query, DOCUMENT: text}
    ids: list[int] = []
    for part in FIELDS.split(template):
        ids += model.tokenize(given.get(part, part), has_control=part not in given)
    return ids


def score(model: LlamaModel, query: str, text: str) -> float:
    """The head's first number: higher is better, and only the order of several says something.

    Raises:
        ContextError: Both together are longer than fits; nothing is ever cut.
    """
    return float(model.embedding("rank").embed(pair(model, query, text))[0, 0])


def _parted(model: LlamaModel, query: list[int], text: list[int]) -> list[int]:
    """[BOS] question [EOS] [SEP] text [EOS], as far as the vocabulary wants these."""
    vocab = model.computing.vocab.handle
    end, separator = int(lib.llama_vocab_eos(vocab)), int(lib.llama_vocab_sep(vocab))
    ends = [end if end >= 0 else separator] if lib.llama_vocab_get_add_eos(vocab) else []
    between = [separator] if lib.llama_vocab_get_add_sep(vocab) else []
    begins = [model.bos] if model.bos is not None else []
    return [*begins, *query, *ends, *between, *text, *ends]
