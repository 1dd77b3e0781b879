"""A child that knows a model's vocabulary only, to check by other means what the engine streamed."""

from __future__ import annotations

import ctypes
from typing import Any

from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """One verb."""
    server.verb("pieces", pieces)


def pieces(call: Call, *, path: str, ids: list[int]) -> dict[str, Any]:
    """The bytes of each id in hex, control tokens with their text; and how often the text begins with BOS."""
    import llama_cpp as lib

    values = lib.llama_model_default_params()
    values.vocab_only = True
    model = lib.llama_model_load_from_file(path.encode(), values)
    vocab = lib.llama_model_get_vocab(model)
    buffer = ctypes.create_string_buffer(512)
    try:
        return {
            "pieces": [
                buffer.raw[: lib.llama_token_to_piece(vocab, i, buffer, len(buffer), 0, True)].hex() for i in ids
            ],
            "is_control": [bool(lib.llama_vocab_is_control(vocab, i)) for i in ids],
            "bos": lib.llama_vocab_bos(vocab),
            "wants_bos": bool(lib.llama_vocab_get_add_bos(vocab)),
        }
    finally:
        lib.llama_model_free(model)
