"""`teahouse models search|files|get OWNER/NAME:FILE` against a hub on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.commands import is_quiet, teahouse
from tests.core.models import hubs, sources
from tests.core.models.hubs import REPOSITORY
from tests.core.models.sources import Hub

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    with sources.serve() as hub:
        sources.use_hub(monkeypatch, home, hub.address)
        hubs.offer(hub, {"tiny-q4_k_m.gguf": CONTENT, "tiny-00001-of-00002.gguf": CONTENT * 2})
        yield hub


def test_search_lists_repositories(server: Hub) -> None:
    done = teahouse("models", "search", "green", "tea")
    assert done.returncode == 0
    assert f"{REPOSITORY}  qwen2, 0.5B, apache-2.0, 1,234 downloads" in done.stdout
    assert "search=green+tea" in server.requests[0][1]
    (found,) = json.loads(teahouse("models", "search", "tea", "--json").stdout)
    assert (found["id"], found["parameters"]) == (REPOSITORY, 494_032_768)
    server.answers["/api/models"] = []
    assert "Nothing was found." in teahouse("models", "search", "tea").stdout


def test_files_tell_what_fits_and_get_fetches_one(server: Hub, home: Path) -> None:
    lines = teahouse("models", "files", REPOSITORY).stdout.splitlines()
    assert lines[0].startswith("tiny-q4_k_m.gguf") and lines[0].endswith("fits")
    assert "several files" in lines[1]
    first, second = json.loads(teahouse("models", "files", REPOSITORY, "--json").stdout)
    assert (first["quantization"], first["fit"], first["problem"]) == ("Q4_K_M", "fits", "")
    assert second["problem"]
    done = teahouse("models", "get", f"{REPOSITORY}:q4_k_m")
    assert done.stdout.splitlines()[-1].endswith("tiny-q4_k_m.gguf")
    assert (home / "data" / "models" / "tiny-q4_k_m.gguf").read_bytes() == CONTENT


def test_what_cannot_be_had_is_told_in_words(server: Hub) -> None:
    for wanted, reason in ((f"{REPOSITORY}:none", "Say which file"), ("tea/none:x", "no repository")):
        done = teahouse("models", "get", wanted)
        assert done.returncode == 1
        assert reason in done.stderr
        assert is_quiet(done)
    assert teahouse("models", "search").returncode == 2
