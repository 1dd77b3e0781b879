"""A child that knows a model's vocabulary only, to check by other means what the engine streamed."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """One verb."""
    server.verb("pieces", pieces)


def pieces(call: Call, *, path: str, ids: list[int]) -> dict[str, Any]:
    """The bytes of each id in hex, control tokens with their text; and what the model wants of BOS."""
    import llama_cpp as lib

    vocab = lib.llama_model_get_vocab(load(path))
    buffer = ctypes.create_string_buffer(512)

    def piece(token: int) -> str:
        size = lib.llama_token_to_piece(vocab, token, buffer, len(buffer), 0, True)
        return buffer.raw[:size].hex()

    return {
        "pieces": [piece(token) for token in ids],
        "is_control": [bool(lib.llama_vocab_is_control(vocab, token)) for token in ids],
        "bos": lib.llama_vocab_bos(vocab),
        "wants_bos": bool(lib.llama_vocab_get_add_bos(vocab)),
    }


@cache
def load(path: str) -> Any:
    """The model without its weights; freed with the process."""
    import llama_cpp as lib

    values = lib.llama_model_default_params()
    values.vocab_only = True
    return lib.llama_model_load_from_file(path.encode(), values)
