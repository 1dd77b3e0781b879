"""`teahouse doctor`: devices, what the build can use, and what the ladders remember."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.engine import probe
from teahouse.engine.memory import LadderMemory, this_machine
from teahouse.errors import EngineCrashed
from teahouse.workers.process import Workers
from tests.core.cli.commands import teahouse


def test_devices_memory_and_what_was_remembered(home: Path) -> None:
    kept = home / "data" / "engines.json"
    LadderMemory(kept, this_machine()).keep("Qwen 茶", {"context": (8192, 2048)})
    done = teahouse("doctor", "--json", within_s=120)
    found = json.loads(done.stdout)
    assert found["ladder"] == {"Qwen 茶": {"": {"context": [8192, 2048]}}}
    [cpu] = [device for device in found["devices"] if device["kind"] == "cpu"]
    assert cpu["total_bytes"] > 0
    assert found["machine"]["free_memory_bytes"] > 0
    assert isinstance(found["backends"][0]["gpu_offload"], bool)
    if not found["backends"][0]["gpu_offload"]:
        assert "No graphics card can be used" in found["cards"][0]
    words = teahouse("doctor", within_s=120).stdout
    assert found["cards"][0] in words
    assert "Qwen 茶" in words


def test_a_look_needs_no_model_and_leaves_no_child() -> None:
    workers = Workers()
    try:
        machine = probe.look(workers)
        assert machine.free_bytes
        assert [device.kind for device in machine.devices].count("cpu") == 1
        assert not any(worker.is_alive for worker in workers._live)
    finally:
        workers.close()


def test_a_look_that_dies_is_an_error_and_leaves_no_child(
    importable: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers()
    real = workers.start

    def start(entry: str, **options: object) -> object:
        worker = real(entry, **options)  # type: ignore[arg-type]
        worker.kill()
        return worker

    monkeypatch.setattr(workers, "start", start)
    try:
        with pytest.raises(EngineCrashed):
            probe.look(workers)
        assert not any(worker.is_alive for worker in workers._live)
    finally:
        workers.close()
