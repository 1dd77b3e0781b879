"""What is estimated is about what a run really holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse.models.gguf import read_header
from teahouse_torch import memory
from teahouse_torch.memory import Estimate, estimate
from teahouse_torch.settings import TrainingSettings

PACKAGING = str(Path(__file__).resolve().parents[3] / "packaging")
BASE = TrainingSettings(rows=8, length=512, precision="float32", threads=1)
MEASURE = """
import json, sys
from pathlib import Path
import torch
from bench.peak import peak_mb
from teahouse_torch.examples import Example, Material
from teahouse_torch.loading import load
from teahouse_torch.settings import TrainingSettings
from teahouse_torch.training import Trainer

path, held = Path(sys.argv[1]), []
torch.set_num_threads(1)
for told in json.loads(sys.argv[2]):
    s = TrainingSettings.from_json(told)
    model = load(path, dtype=torch.float32)
    examples = [Example(torch.randint(0, 300, (s.length,)), torch.ones(s.length, dtype=torch.bool))] * s.rows
    Trainer(model, Material(examples), s, path.parent, lambda: False)._step(range(s.rows))
    held.append(peak_mb())
print(json.dumps(held))
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    pytest.importorskip("gguf")
    from tests.core.torch.small import Small

    wide = {"embedding_length": 64, "feed_forward_length": 96}
    return Small("qwen2", wide, has_bias=True, layers=24).write(tmp_path_factory.mktemp("m") / "m.gguf")


def held_mb(model: Path, settings: list[TrainingSettings]) -> list[float]:
    """The most that one process has held until the end of each: what holds less comes first."""
    words = [sys.executable, "-c", MEASURE, str(model), json.dumps([one.as_json() for one in settings])]
    paths = os.pathsep.join([PACKAGING, *filter(None, [os.environ.get("PYTHONPATH")])])
    around = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(words, env=around, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    return [float(mb) for mb in json.loads(done.stdout)]


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux tells it")
def test_an_estimate_is_about_what_is_held(model: Path) -> None:
    """What the layers keep, and the most that a small model's process ever holds: up to a third more."""
    both = [replace(BASE, rows=4, is_checkpointed=flag) for flag in (True, False)]
    header = read_header(model)
    expected = [estimate(header, one, has_bfloat16=False).total_bytes / 2**20 for one in both]
    held = held_mb(model, both)
    assert held[1] - held[0] == pytest.approx(expected[1] - expected[0], rel=0.35)
    assert all(0.8 * mb < really < 1.4 * mb for really, mb in zip(held, expected, strict=True))


def test_more_takes_more(model: Path) -> None:
    header = read_header(model)

    def parts(**changes: object) -> Estimate:
        return estimate(header, replace(BASE, **changes), has_bfloat16=True)  # type: ignore[arg-type]

    usual = parts()
    assert usual.total_bytes == sum(usual.parts.values())
    assert parts(rows=16).parts["text"] > 1.9 * usual.parts["text"]
    assert parts(is_checkpointed=True).parts["text"] < 0.2 * usual.parts["text"]
    assert parts(rank=16).parts["learned"] == 2 * usual.parts["learned"]
    assert parts(is_full=True).parts["learned"] == 12 * header.parameter_count
    assert parts(precision="auto").parts["weights"] == 2 * header.parameter_count
    assert parts(dropout=0.1).parts["text"] > usual.parts["text"]
    longer = estimate(header, BASE, longest=2048)
    assert longer.parts["text"] > 3.9 * usual.parts["text"]


def test_what_the_processor_can_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tmp_path / "cpuinfo"
    monkeypatch.setattr(memory, "CPU_FACTS", facts)
    assert not memory.has_bfloat16_here()
    facts.write_text("flags : sse2 avx512_bf16 amx_tile\n", encoding="utf-8")
    assert memory.has_bfloat16_here()
