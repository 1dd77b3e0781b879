"""What is said of a model from its file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from teahouse.models.facts import describe
from teahouse.models.library import Library
from teahouse.paths import default_paths
from teahouse.plugins import Backend, BackendModel
from tests.core.models import ggufs


@pytest.fixture
def models() -> Library:
    return Library(default_paths())


@pytest.fixture
def folder(home: Path) -> Path:
    return default_paths().models


def facts_of(models: Library, folder: Path, metadata: dict[str, Any]) -> dict[str, Any]:
    file = ggufs.write(folder / "茶.gguf", ggufs.CHAT | metadata)
    return describe(models.look_up(str(file)))


def test_a_model(models: Library, folder: Path) -> None:
    found = facts_of(models, folder, {"general.license": "mit", "general.languages": ["en", "zh"]})
    size = (folder / "茶.gguf").stat().st_size
    assert found == {
        "name": "茶",
        "backend": "llama",
        "path": str(folder / "茶.gguf"),
        "links_to": None,
        "size_bytes": size,
        "problem": "",
        "kind": "model",
        "kind_text": "a language model",
        "title": "Tiny 茶",
        "architecture": "llama",
        "parameters": 32 * 3 + 32 * 32 + 32,
        "quantization": "Q4_0",
        "context_length": 512,
        "layers": 1,
        "embedding_length": 32,
        "vocabulary_size": 3,
        "licence": "mit",
        "languages": ["en", "zh"],
        "has_chat_template": True,
        "gguf_version": 3,
        "tensor_types": {
            "Q4_0": {"tensors": 1, "bytes": 576},
            "F32": {"tensors": 2, "bytes": 512},
        },
    }


@pytest.mark.parametrize(
    ("metadata", "kind", "is_usable"),
    [
        ({"general.architecture": "bert"}, "embedder", True),
        ({"general.type": "adapter"}, "adapter", False),
        ({"general.type": "mmproj"}, "projector", False),
    ],
)
def test_other_kinds_are_described_too(
    models: Library, folder: Path, metadata: dict[str, Any], kind: str, is_usable: bool
) -> None:
    found = facts_of(models, folder, metadata)
    assert found["kind"] == kind
    assert (found["problem"] == "") is is_usable
    assert found["parameters"] > 0


def test_a_file_that_says_little_leaves_gaps(models: Library, folder: Path) -> None:
    file = ggufs.write(folder / "bare.gguf", {"general.architecture": "llama", "general.languages": 7})
    found = describe(models.look_up(str(file)))
    assert (found["context_length"], found["licence"], found["languages"]) == (0, "", [])
    assert found["has_chat_template"] is False


@pytest.mark.parametrize(("content", "problem"), [(b"junk", "not a GGUF"), (b"", "empty")])
def test_a_broken_file_has_its_reason(models: Library, folder: Path, content: bytes, problem: str) -> None:
    folder.mkdir(parents=True)
    (folder / "broken.gguf").write_bytes(content)
    found = describe(models.look_up("broken"))
    assert problem in found["problem"]
    assert found["path"] == str(folder / "broken.gguf")
    assert "architecture" not in found


def test_a_link_names_its_file(models: Library, folder: Path, home: Path) -> None:
    own = ggufs.write(home / "own.gguf")
    folder.mkdir(parents=True)
    (folder / "linked.gguf").symlink_to(own)
    assert describe(models.look_up("linked"))["links_to"] == str(own)


def test_a_model_of_a_plugin(models: Library) -> None:
    models.add_backend(Backend("echo", "echo:serve", lambda: [BackendModel("echo", size_bytes=7)]))
    found = describe(models.look_up("echo/echo"))
    assert found == {"name": "echo/echo", "backend": "echo", "path": None, "size_bytes": 7, "problem": ""}
