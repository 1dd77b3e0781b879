"""Does this build of llama.cpp survive on this machine? A decode of 300 tokens and of one, in a child.

`python -m teahouse.engine.probe [--no-extra-buffers] [--model FILE]` exits with 0 when it does.
Without a file it generates a small model itself whose matrices are Q4_K with rows of 512 and more:
a tiny F32 model would never enter the kernels that crash.
"""

from __future__ import annotations

import json
import random
import struct
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from teahouse.engine.configuration import EngineConfig, default_threads
from teahouse.engine.devices import Machine, facts, read_machine
from teahouse.errors import AppError
from teahouse.jobs import Cancel
from teahouse.workers.child import Call, Server
from teahouse.workers.process import Workers

WIDTH, FEED_FORWARD, HEADS, LAYERS, VOCABULARY = 512, 1024, 8, 2, 512
TOKENS = 300
F32, Q4_K = 0, 12
ALIGNMENT = 32
UINT32, FLOAT32, STRING = 4, 6, 8


def serve(server: Server) -> None:
    """The child's verbs: `facts` of the build, and `decode`."""
    server.verb("facts", facts)
    server.verb("decode", decode)


def decode(call: Call, *, path: str, config: dict[str, Any]) -> dict[str, Any]:
    """Load a model, read 300 tokens in one batch, then one more."""
    from teahouse.engine.llama.model import LlamaModel

    model = LlamaModel(path, EngineConfig(**config), on_progress=lambda _fraction: True)
    try:
        ids = [number % VOCABULARY for number in range(TOKENS)]
        list(model.computing.read(ids))
        model.computing.add(1)
        return {"tokens": len(model.computing.held)}
    finally:
        model.close()


def look(workers: Workers) -> Machine:
    """What this build can use on this machine and what is free now, by a child of its own.

    Raises:
        AppError: The child does not start, or dies while it looks.
    """
    worker = workers.start("teahouse.engine.probe:serve", readable=[])
    try:
        return read_machine(worker.call("facts"))
    finally:
        worker.close()


def probe(
    workers: Workers,
    configs: list[EngineConfig],
    *,
    model: Path | None = None,
    cancel: Cancel | None = None,
) -> list[dict[str, Any]]:
    """Try configurations in order until one works: `[{config, result}]`, `result` is `ok` or a reason."""
    with tempfile.TemporaryDirectory(prefix="teahouse-") as folder:
        if model is None:
            model = Path(folder, "probe.gguf")
            with model.open("wb") as stream:
                write_model(stream)
        tried: list[dict[str, Any]] = []
        for config in configs:
            tried.append({"config": config.as_json(), "result": _result(workers, config, model, cancel)})
            if tried[-1]["result"] == "ok" or (cancel is not None and cancel.is_set()):
                break
        return tried


def wanted_configs(*, has_extra_buffers: bool = True) -> list[EngineConfig]:
    """The configurations a probe tries: as wanted, then without repacked weights."""
    wanted = EngineConfig(context=512, batch=512, threads=default_threads())
    plain = replace(wanted, use_extra_buffers=False)
    return [wanted, plain] if has_extra_buffers else [plain]


def write_model(stream: BinaryIO, *, seed: int = 7) -> None:
    """Write a llama of random Q4_K matrices and no vocabulary (GGUF 3; about 4 MB)."""
    tensors = list(_tensors())
    stream.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(_METADATA)))
    for key, kind, value in _METADATA:
        data = _text(value) if kind == STRING else struct.pack("<I" if kind == UINT32 else "<f", value)
        stream.write(_text(key) + struct.pack("<I", kind) + data)
    at = 0
    for name, shape, kind in tensors:
        stream.write(_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, at))
        at += _padded(_size(shape, kind))
    stream.write(b"\0" * (-stream.tell() % ALIGNMENT))
    source = random.Random(seed)
    for _name, shape, kind in tensors:
        size = _size(shape, kind)
        stream.write(_weights(source, size, kind) + b"\0" * (_padded(size) - size))


_METADATA: list[tuple[str, int, Any]] = [
    ("general.architecture", STRING, "llama"),
    ("llama.context_length", UINT32, 1024),
    ("llama.embedding_length", UINT32, WIDTH),
    ("llama.block_count", UINT32, LAYERS),
    ("llama.feed_forward_length", UINT32, FEED_FORWARD),
    ("llama.attention.head_count", UINT32, HEADS),
    ("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
    ("llama.rope.dimension_count", UINT32, WIDTH // HEADS),
    ("llama.vocab_size", UINT32, VOCABULARY),
    ("tokenizer.ggml.model", STRING, "none"),
]


def _tensors() -> list[tuple[str, tuple[int, ...], int]]:
    square, up, down = (WIDTH, WIDTH), (WIDTH, FEED_FORWARD), (FEED_FORWARD, WIDTH)
    block = {"attn_q": square, "attn_k": square, "attn_v": square, "attn_output": square}
    block |= {"ffn_gate": up, "ffn_up": up, "ffn_down": down}
    found: list[tuple[str, tuple[int, ...], int]] = [("token_embd.weight", (WIDTH, VOCABULARY), Q4_K)]
    for layer in range(LAYERS):
        found += [(f"blk.{layer}.{name}.weight", shape, Q4_K) for name, shape in block.items()]
        found += [(f"blk.{layer}.{name}.weight", (WIDTH,), F32) for name in ("attn_norm", "ffn_norm")]
    return [*found, ("output_norm.weight", (WIDTH,), F32)]


def _size(shape: tuple[int, ...], kind: int) -> int:
    count = 1
    for length in shape:
        count *= length
    return count * 4 if kind == F32 else count // 256 * 144


def _weights(source: random.Random, size: int, kind: int) -> bytes:
    if kind == F32:
        return struct.pack("<f", 1.0) * (size // 4)
    scale = struct.pack(
        "<ee", 2e-4, 2e-4
    )  # a Q4_K block: scale, least, 12 bytes of sub-scales, 128 of weights
    return b"".join(scale + source.randbytes(140) for _ in range(size // 144))


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def _result(workers: Workers, config: EngineConfig, model: Path, cancel: Cancel | None) -> str:
    worker = None
    try:
        worker = workers.start("teahouse.engine.probe:serve", cancel=cancel)
        answer = worker.call("decode", cancel, path=str(model), config=config.as_json())
        return (
            "ok" if answer["tokens"] == TOKENS + 1 else f"decoded {answer['tokens']} of {TOKENS + 1} tokens"
        )
    except AppError as error:
        return error.text
    finally:
        if worker is not None:
            worker.close()


def main(arguments: list[str]) -> int:
    """Probe, print what was tried as JSON lines, exit 0 when the last configuration works."""
    model = Path(arguments[arguments.index("--model") + 1]) if "--model" in arguments else None
    configs = wanted_configs(has_extra_buffers="--no-extra-buffers" not in arguments)[:1]
    workers = Workers()
    try:
        tried = probe(workers, configs, model=model)
    finally:
        workers.close()
    for step in tried:
        sys.stdout.write(json.dumps(step) + "\n")
    return 0 if tried[-1]["result"] == "ok" else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
