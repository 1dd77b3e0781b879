"""Does this build survive on this machine? failures.md row 9."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.engine.configuration import EngineConfig, ladder
from teahouse.engine.probe import FEED_FORWARD, WIDTH, probe, wanted_configs, write_model
from teahouse.models.gguf import read_header
from teahouse.workers.process import Workers


@pytest.fixture
def stub(importable: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Workers whose probe child dies as `TEST_GOOD` says."""

    def spawn(line: list[str], **options: Any) -> subprocess.Popen[bytes]:
        stubbed = [
            word.replace("teahouse.engine.probe:serve", "tests.core.engine.crashing:serve") for word in line
        ]
        return subprocess.Popen(stubbed, **options)

    workers = Workers(spawn)
    yield workers
    workers.close()


def test_the_made_model_is_a_gguf_with_wide_q4_k_rows(tmp_path: Path) -> None:
    file = tmp_path / "made.gguf"
    with file.open("wb") as stream:
        write_model(stream)
    header = read_header(file)
    assert header.architecture == "llama"
    assert {t.type for t in header.tensors} == {"Q4_K", "F32"}
    rows = [t.dims[0] for t in header.tensors if t.type == "Q4_K"]
    assert min(rows) >= 512
    assert {WIDTH, FEED_FORWARD} == set(rows)
    assert file.stat().st_size < 10_000_000


def test_the_made_model_is_the_same_every_time() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    write_model(one)
    write_model(other)
    assert one.getvalue() == other.getvalue()


def test_the_first_configuration_is_the_wanted_one_and_the_second_without_extra_buffers() -> None:
    wanted, plain = wanted_configs()
    assert wanted.use_extra_buffers
    assert not plain.use_extra_buffers
    assert [c.use_extra_buffers for c in wanted_configs(has_extra_buffers=False)] == [False]


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("name", ["SIGILL", "SIGSEGV"])
def test_the_first_configuration_that_survives_is_taken(
    stub: Workers, monkeypatch: pytest.MonkeyPatch, step: int, name: str
) -> None:
    """A child that dies for the first k configurations: k are recorded as crashes, k + 1 as ok."""
    configs = ladder(EngineConfig(batch=256, gpu_layers=5))
    wanted, before = configs[step].as_json(), configs[step - 1].as_json()
    good = {key: value for key, value in wanted.items() if step and before[key] != value}
    monkeypatch.setenv("TEST_GOOD", json.dumps(good))
    monkeypatch.setenv("TEST_SIGNAL", name)
    tried = probe(stub, configs, model=Path("unread.gguf"))
    assert [attempt["config"] for attempt in tried] == [config.as_json() for config in configs[: step + 1]]
    assert [name in attempt["result"] for attempt in tried[:-1]] == [True] * step
    assert tried[-1]["result"] == "ok"


def test_when_nothing_survives_everything_tried_is_told(
    stub: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_GOOD", '{"context": -1}')
    tried = probe(stub, wanted_configs(), model=Path("unread.gguf"))
    assert len(tried) == 2
    assert all("SIGILL" in attempt["result"] for attempt in tried)
    assert not any(worker.is_alive for worker in stub._live)


def test_too_few_tokens_are_no_success(stub: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_GOOD", "{}")
    monkeypatch.setenv("TEST_TOKENS", "300")
    tried = probe(stub, wanted_configs(), model=Path("unread.gguf"))
    assert [attempt["result"] == "ok" for attempt in tried] == [False, False]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "teahouse.engine.probe", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("arguments", [(), ("--no-extra-buffers",)])
def test_this_build_survives_here(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    [tried] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, tried["result"]) == (0, "ok")
    assert tried["config"]["use_extra_buffers"] is not bool(arguments)


def test_a_file_that_cannot_be_loaded_fails(tmp_path: Path) -> None:
    file = tmp_path / "茶.gguf"
    file.write_bytes(b"GGUF" + b"\0" * 100)
    done = run("--model", str(file))
    assert done.returncode == 1
    assert "茶.gguf" in json.loads(done.stdout)["result"]


@pytest.mark.gguf
def test_the_starter_survives(starter: Path) -> None:
    assert run("--model", str(starter)).returncode == 0
