"""Continued pretraining: every token of a text is learned once, from its own text alone, to plain losses."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")
pytest.importorskip("safetensors")

import torch.nn.functional as F  # noqa: E402

from teahouse.engine.learned import Words, plain_lessons  # noqa: E402
from teahouse_torch import examples_file, lora  # noqa: E402
from teahouse_torch.decoder import Decoder  # noqa: E402
from teahouse_torch.examples import IGNORED, Example, collate, pack, read_examples  # noqa: E402
from teahouse_torch.loading import load  # noqa: E402
from teahouse_torch.settings import TrainingSettings  # noqa: E402
from teahouse_torch.training import Material, Trainer  # noqa: E402
from tests.core.torch.small import SMALL  # noqa: E402

BEGIN, END = 300, 301
STRETCH, ROW = 16, 40
TEXTS = ("Tea is made from leaves.", "水开了。", "One.")
SETTINGS = TrainingSettings(
    steps=2, rows=2, length=ROW, look_every=2, keep_every=2, learning_rate=2e-3, threads=1
)


def ids_of(text: str) -> list[int]:
    return [*text.encode(), END]


def examples(folder: Path, *, begin: int | None) -> list[Example]:
    """The pieces of all texts, written and read as a run's are."""
    words = Words({}, lambda text: list(text.encode()), lambda _id: b"", lambda _id: False, begin, END)
    made = [one for text in TEXTS for one in plain_lessons(text, words, length=STRETCH)]
    examples_file.write(folder / "train.safetensors", made)
    return read_examples(folder / "train.safetensors")


def plain_losses(model: Decoder, *, begin: int | None) -> torch.Tensor:
    """−log p of each token, told from the texts alone: what stands before it in its own piece is read."""
    told = []
    lead = [] if begin is None else [begin]
    step = STRETCH - 1 - len(lead)
    for text in TEXTS:
        ids = ids_of(text)
        for at, token in enumerate(ids):
            start = at // step * step
            before = [*lead, *ids[max(0, start - 1) : at]]
            if before:
                told.append(-F.log_softmax(model(torch.tensor([before]))[0, -1], -1)[token])
    return torch.stack(told)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return SMALL["qwen2"].write(tmp_path_factory.mktemp("model") / "small.gguf")


@pytest.mark.parametrize("begin", [None, BEGIN])
def test_every_token_is_learned_once_and_none_across_a_border(tmp_path: Path, begin: int | None) -> None:
    some = examples(tmp_path, begin=begin)
    rows = pack(some, length=ROW)
    assert max(map(len, rows)) > 1, "several pieces share a row"
    batch = collate([[some[number] for number in row] for row in rows])
    learned = Counter(batch.targets[batch.targets != IGNORED].tolist())
    expected = Counter(token for text in TEXTS for token in ids_of(text)[0 if begin else 1 :])
    assert learned == expected, "all, but a first one that nothing stands before"
    for number, row in enumerate(rows):
        at = 0
        for one in (some[place] for place in row):
            last = at + len(one) - 1
            assert batch.targets[number, last] == IGNORED, "the next one is of another piece"
            inside = batch.targets[number, at:last]
            assert torch.equal(inside[inside != IGNORED], one.ids[1:][one.learned[1:]])
            at = last + 1
        assert bool((batch.targets[number, at:] == IGNORED).all()), "padding is not learned"


@pytest.mark.parametrize(("is_full", "begin"), [(False, None), (True, BEGIN)])
def test_losses_are_those_of_a_plain_reference(
    path: Path, tmp_path: Path, *, is_full: bool, begin: int | None
) -> None:
    """Each step takes all rows, packed; the reference reads one token after the other, each alone."""
    some = examples(tmp_path, begin=begin)
    rows = len(pack(some, length=ROW))
    settings = replace(SETTINGS, rows=rows, is_full=is_full, precision="float32")
    running = Trainer(
        load(path, dtype=torch.float32), Material(some, some[:2]), settings, tmp_path, lambda: False
    )
    told = list(running.run())
    model = load(path, dtype=torch.float32)
    trained = list(model.requires_grad_(True).parameters()) if is_full else []
    trained = trained or lora.add(model, settings.lora, seed=settings.seed)
    optimiser = torch.optim.AdamW(trained, betas=(0.9, 0.99), weight_decay=0.0)
    expected = []
    for step in range(settings.steps):
        loss = plain_losses(model, begin=begin).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, settings.clip)
        optimiser.param_groups[0]["lr"] = settings.rate(step)
        optimiser.step()
        optimiser.zero_grad()
        expected.append(loss.item())
    steps = [row for row in told if row["kind"] == "step"]
    np.testing.assert_allclose([row["loss"] for row in steps], expected, rtol=2e-4)
    assert {row["learned"] for row in steps} == {sum(len(ids_of(text)) - (begin is None) for text in TEXTS)}
    assert expected[-1] < expected[0]


def test_what_is_held_out_is_told_by_a_plain_loss_too(path: Path, tmp_path: Path) -> None:
    some = examples(tmp_path, begin=BEGIN)
    model = load(path, dtype=torch.float32)
    running = Trainer(model, Material(some[:3], some), SETTINGS, tmp_path, lambda: False)
    with torch.no_grad():
        plain = float(plain_losses(load(path, dtype=torch.float32), begin=BEGIN).mean())
    look = next(running.run())
    assert look["kind"] == "look" and math.isclose(look["held_out"], plain, rel_tol=1e-4)
