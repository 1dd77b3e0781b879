"""A child that tokenizes with the app's code and by llama.cpp alone: `tests.core.engine.tokenizing:serve`."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any

from teahouse.engine.configuration import EngineConfig
from teahouse.workers.child import Call, Server

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel


def serve(server: Server) -> None:
    """Three verbs."""
    for verb in (both, defined, seconds):
        server.verb(verb.__name__, verb)


def both(call: Call, *, path: str, texts: list[str]) -> dict[str, Any]:
    """Ids of each text, cut by us and by the library, the threshold left aside."""
    found = model(path)
    data = [text.encode("utf-8", "replace") for text in texts]
    found.tokenize("")  # so that the tokens are read
    assert found._defined is not None
    return {
        "cut": [found._defined.tokenize(each, found._tokenize) for each in data],
        "native": [found._tokenize(each) for each in data],
    }


def defined(call: Call, *, path: str) -> dict[str, Any]:
    """Texts of the tokens that are recognised in any text."""
    return {"texts": model(path).defined_tokens()}


def seconds(call: Call, *, path: str, text: str, times: int) -> dict[str, Any]:
    """How long it takes to tokenize the text of one token, repeated so often."""
    found = model(path)
    begun = time.perf_counter()
    assert len(found.tokenize(text * times)) == times
    return {"seconds": time.perf_counter() - begun}


@cache
def model(path: str) -> LlamaModel:
    """The model, loaded once; freed with the process."""
    from teahouse.engine.llama.model import LlamaModel

    return LlamaModel(path, EngineConfig(context=256, batch=32, threads=1), on_progress=lambda _done: True)
