"""Adapters made part of a model: the new file answers as the model with the adapter does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from teahouse.app import App
from teahouse.errors import AdapterError, EngineError, ModelError
from teahouse.jobs import Cancel, Job
from teahouse.models.adapter_choice import fitted, parse_choice
from teahouse.models.gguf import read_header
from teahouse.models.merging import MergeProgress, merge
from tests.core.models import loras
from tests.core.torch.native import native_logits
from tests.core.torch.small import Small

pytestmark = pytest.mark.gguf

ENDS = ("attn_q.weight", "attn_v.weight", "attn_output.weight", "ffn_down.weight")
IDS = [int(token) for token in np.random.default_rng(5).integers(0, 320, 48)]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    opened.paths.models.mkdir(parents=True)
    model = Small("llama").write(opened.paths.models / "base.gguf")
    header = read_header(model)
    for number, name in enumerate(("tea", "milk"), 1):
        changes = loras.for_model(header, ENDS, seed=number, rank=4, size=0.25)
        opened.adapters.add(loras.write(tmp_path / f"{name}.gguf", changes, alpha=8.0))
    yield opened
    opened.close()


def merged(app: App, choice: str, *, name: str, file_type: str = "F16") -> Path:
    model = app.models.find("base")
    work = merge(app, model, fitted(app, parse_choice(choice), "base"), name=name, file_type=file_type)
    seen: list[MergeProgress] = []
    done = Job("merge", work).run(lambda event: seen.append(event.value) if hasattr(event, "value") else None)
    if done.error is not None:
        raise done.error
    assert {"convert", "add"} <= {each.stage for each in seen}
    assert seen[-1].fraction == 1.0
    return done.result.path


def divergence(one: np.ndarray, other: np.ndarray) -> float:
    """Mean KL of the next-token distributions, in nats."""
    a, b = (x - np.logaddexp.reduce(x, axis=-1, keepdims=True) for x in (one, other))
    return float((np.exp(a) * (a - b)).sum(-1).mean())


def test_a_merged_model_answers_as_the_model_with_the_adapter(app: App, tmp_path: Path) -> None:
    path = merged(app, "tea=0.7", name="brewed 茶")
    assert path == app.paths.models / "brewed 茶.gguf"
    base, tea = app.models.find("base").path, app.adapters.find("tea").path
    assert base is not None
    wanted = native_logits(base, IDS, tmp_path, adapter=tea, scale=0.7)
    plain = native_logits(base, IDS, tmp_path)
    found = native_logits(path, IDS, tmp_path)
    assert divergence(wanted, found) < 2e-3  # half precision of weights and of what goes through them
    assert divergence(wanted, plain) > 0.2
    assert app.models.find("brewed 茶").header.quantization == "F16"


def test_several_are_merged_and_quantized(app: App, tmp_path: Path) -> None:
    half = native_logits(merged(app, "tea=0.5, milk=0.5", name="both"), IDS, tmp_path)
    small = merged(app, "tea=0.5, milk=0.5", name="small", file_type="Q8_0")
    assert read_header(small).quantization == "Q8_0"
    assert small.stat().st_size < app.models.find("both").size_bytes
    plain = native_logits(app.models.find("base").path, IDS, tmp_path)
    assert divergence(half, native_logits(small, IDS, tmp_path)) < divergence(half, plain) / 3
    assert not list(app.paths.models.glob(".*"))


def test_what_cannot_be_merged_is_said_and_nothing_is_written_over(app: App) -> None:
    before = app.models.find("base").path.read_bytes()
    with pytest.raises(ModelError, match="already a model"):
        merged(app, "tea", name="Base")
    with pytest.raises(AdapterError, match="no adapter to merge"):
        merged(app, "tea=0", name="new")
    with pytest.raises(ModelError, match="cannot be called"):
        merged(app, "tea", name="a/b")
    with pytest.raises(ModelError, match="cannot be kept as"):
        merged(app, "tea", name="new", file_type="Q9")
    assert app.models.find("base").path.read_bytes() == before
    assert [model.name for model in app.models.list()] == ["base"]
    assert not list(app.paths.models.glob(".*"))


def test_a_stopped_merge_leaves_nothing(app: App) -> None:
    cancel = Cancel()
    steps = merge(app, app.models.find("base"), fitted(app, parse_choice("tea"), "base"), name="new")(cancel)
    next(steps)
    cancel.set()
    with pytest.raises(EngineError, match="stopped"):
        while True:
            next(steps)
    assert [path.name for path in app.paths.models.iterdir()] == ["base.gguf"]
