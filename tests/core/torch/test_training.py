"""The loop learns, resumes to the same losses, and never calls a failure done."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")
pytest.importorskip("safetensors")

import torch.nn.functional as F  # noqa: E402

from teahouse_torch import checkpoint, lora  # noqa: E402
from teahouse_torch.examples import Example, collate, epochs, pack  # noqa: E402
from teahouse_torch.loading import load  # noqa: E402
from teahouse_torch.settings import TrainingSettings  # noqa: E402
from teahouse_torch.training import Material, Trainer, TrainingError  # noqa: E402
from tests.core.torch.small import SMALL, VOCABULARY  # noqa: E402

QUICK = TrainingSettings(
    steps=8, rows=2, length=40, look_every=4, keep_every=3, learning_rate=3e-3, threads=1
)


def example(seed: int, length: int, learned: int) -> Example:
    rng = np.random.default_rng(seed)
    flags = torch.zeros(length, dtype=torch.bool)
    flags[-learned:] = True
    return Example(torch.from_numpy(rng.integers(0, VOCABULARY, length)), flags)


EXAMPLES = [example(seed, 12 + seed % 7, 5) for seed in range(10)]
MATERIAL = Material(EXAMPLES, [example(90, 20, 6)], {"en": [example(91, 30, 29)]})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return SMALL["qwen2"].write(tmp_path_factory.mktemp("model") / "small.gguf")


def trainer(path: Path, folder: Path, settings: TrainingSettings = QUICK, **more: object) -> Trainer:
    model = load(path, dtype=torch.float32)
    options = {"should_stop": lambda: False, **more}
    return Trainer(model, MATERIAL, settings, folder, **options)  # type: ignore[arg-type]


def losses(rows: list[dict[str, object]]) -> list[object]:
    return [row["loss"] for row in rows if row["kind"] == "step"]


def all_of(running: Trainer) -> tuple[list[dict[str, object]], str]:
    rows, steps = [], running.run()
    while True:
        try:
            rows.append(next(steps))
        except StopIteration as done:
            return rows, done.value


def test_it_learns_and_tells_how(path: Path, tmp_path: Path) -> None:
    rows, why = all_of(trainer(path, tmp_path, replace(QUICK, steps=40)))
    told = losses(rows)
    assert why == "done" and len(told) == 40
    assert told[-1] < 0.5 * told[0]  # type: ignore[operator]
    looks = [row for row in rows if row["kind"] == "look"]
    assert [look["step"] for look in looks] == list(range(0, 41, 4))
    assert looks[0]["moved"] == 0 and looks[-1]["moved"] > 0
    assert looks[0]["perplexity"].keys() == {"en"}
    first = rows[1]
    assert first["learned"] % 5 == 0 and 0 < first["learned"] < first["tokens"]  # type: ignore[operator]


def test_the_first_loss_is_a_plain_cross_entropy(path: Path, tmp_path: Path) -> None:
    running = trainer(path, tmp_path)
    one = EXAMPLES[0]
    with torch.no_grad():
        rows = load(path, dtype=torch.float32)(one.ids[None])[0]
        expected = F.cross_entropy(rows[:-1][one.learned[1:]], one.ids[1:][one.learned[1:]])
    assert running.loss_of([one]) == pytest.approx(float(expected), abs=1e-5)


def test_examples_of_one_row_do_not_see_each_other(path: Path, tmp_path: Path) -> None:
    running = trainer(path, tmp_path)
    together = collate([[EXAMPLES[0], EXAMPLES[1]], [EXAMPLES[2]]])
    with torch.no_grad():
        packed = float(running._loss(together))
    alone = sum(running.loss_of([one]) * 5 for one in EXAMPLES[:3])
    assert packed == pytest.approx(alone, rel=1e-4)


def test_accumulated_batches_are_one_large_batch(path: Path, tmp_path: Path) -> None:
    large = replace(QUICK, rows=4, steps=3)
    small = replace(QUICK, rows=1, accumulation=4, steps=3)
    first, _why = all_of(trainer(path, tmp_path / "a", large))
    second, _why = all_of(trainer(path, tmp_path / "b", small))
    np.testing.assert_allclose(losses(first), losses(second), rtol=1e-4)


def test_steps_are_those_of_a_plain_loop(path: Path, tmp_path: Path) -> None:
    """Batches of one example, unequal in what they learn: each learned token of a step counts the same."""
    uneven = [example(seed, 14 + seed, 1 + 3 * seed) for seed in range(4)]
    settings = replace(QUICK, rows=1, accumulation=4, steps=3, length=8)
    running = Trainer(load(path, dtype=torch.float32), Material(uneven), settings, tmp_path, lambda: False)
    model = load(path, dtype=torch.float32)
    learned = lora.add(model, settings.lora, seed=settings.seed)
    optimiser = torch.optim.AdamW(learned, betas=(0.9, 0.99), weight_decay=0.0)
    expected = []
    for step in range(3):
        rows = [model(one.ids[None])[0, :-1][one.learned[1:]] for one in uneven]
        targets = torch.cat([one.ids[1:][one.learned[1:]] for one in uneven])
        loss = F.cross_entropy(torch.cat(rows), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, settings.clip)
        optimiser.param_groups[0]["lr"] = settings.rate(step)
        optimiser.step()
        optimiser.zero_grad()
        expected.append(loss.item())
    np.testing.assert_allclose(losses(all_of(running)[0]), expected, atol=1e-5)


def test_looks_leave_nothing_out(path: Path, tmp_path: Path) -> None:
    """Dropout acts in steps alone."""
    running = trainer(path, tmp_path, replace(QUICK, dropout=0.5, steps=4))
    all_of(running)
    assert running.loss_of(EXAMPLES) == running.loss_of(EXAMPLES)
    running.model.train()
    batch = collate([[one] for one in EXAMPLES])
    with torch.no_grad():
        assert float(running._loss(batch)) != float(running._loss(batch))


def test_in_bfloat16_it_learns_about_the_same(path: Path, tmp_path: Path) -> None:
    """What is learned stays float32: small steps are not lost in eight bits."""
    settings = replace(QUICK, steps=30)
    exact, _why = all_of(trainer(path, tmp_path / "a", settings))
    short = Trainer(load(path, dtype=torch.bfloat16), MATERIAL, settings, tmp_path / "b", lambda: False)
    rounded, _why = all_of(short)
    assert {p.dtype for p in short.trained.values()} == {torch.float32}
    begun, ended = ([np.mean(losses(rows)[part]) for rows in (rounded, exact)] for part in (  # type: ignore[call-overload]
        slice(3), slice(-5, None)))  # fmt: skip
    assert begun[0] == pytest.approx(begun[1], rel=0.05)
    assert ended[0] == pytest.approx(ended[1], rel=0.4) and ended[0] < 0.3 * begun[0]


def test_computing_again_changes_nothing(path: Path, tmp_path: Path) -> None:
    first, _why = all_of(trainer(path, tmp_path / "a"))
    second, _why = all_of(trainer(path, tmp_path / "b", replace(QUICK, is_checkpointed=True)))
    np.testing.assert_allclose(losses(first), losses(second), rtol=1e-5)


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_resumed_it_is_the_same_run(path: Path, tmp_path: Path, *, is_full: bool, dropout: float) -> None:
    settings = replace(QUICK, is_full=is_full, dropout=dropout)
    whole, _why = all_of(trainer(path, tmp_path / "whole", settings))
    steps = trainer(path, tmp_path / "cut", settings).run()
    before = []
    for row in steps:
        before.append(row)
        if row["kind"] == "step" and row["step"] == 5:  # killed: the last checkpoint is of step 3
            break
    after, why = all_of(trainer(path, tmp_path / "cut", settings))
    assert after[0] == {"kind": "resumed", "step": 3} and why == "done"
    np.testing.assert_allclose(losses(after), losses(whole)[3:], atol=1e-6)
    np.testing.assert_allclose(losses(before), losses(whole)[:5], atol=1e-6)


def test_a_stop_keeps_where_it_was(path: Path, tmp_path: Path) -> None:
    told: list[object] = []
    running = trainer(path, tmp_path, should_stop=lambda: running.step >= 2)
    rows, why = all_of(running)
    told = losses(rows)
    assert why == "stopped" and len(told) == 2
    rows, why = all_of(trainer(path, tmp_path))
    assert rows[0] == {"kind": "resumed", "step": 2} and why == "done"


def test_a_loss_that_is_no_number_fails(path: Path, tmp_path: Path) -> None:
    running = trainer(path, tmp_path)
    steps = running.run()
    for _row in range(3):
        next(steps)
    with torch.no_grad():
        running.model.blk[0].attn_norm.weight.fill_(math.nan)
    with pytest.raises(TrainingError, match="no number"):
        list(steps)


def test_nothing_to_learn_is_a_failure(path: Path, tmp_path: Path) -> None:
    nothing = [Example(one.ids, torch.zeros_like(one.learned)) for one in EXAMPLES]
    running = Trainer(load(path, dtype=torch.float32), Material(nothing), QUICK, tmp_path, lambda: False)
    with pytest.raises(TrainingError, match="changed nothing"):
        list(running.run())


def test_a_growing_held_out_loss_ends_it_early_with_the_best(path: Path, tmp_path: Path) -> None:
    """The held-out example is like those that are learned, and soon they are learned by heart."""
    kin = [Example(one.ids.clone(), one.learned) for one in EXAMPLES[:3]]
    for one in kin:
        one.ids[2] = 7
    settings = replace(QUICK, steps=400, learning_rate=2e-2, look_every=2, patience=2)
    running = Trainer(
        load(path, dtype=torch.float32), Material(EXAMPLES, kin), settings, tmp_path, lambda: False
    )
    rows, why = all_of(running)
    looks = [row["held_out"] for row in rows if row["kind"] == "look"]
    assert why == "early" and len(losses(rows)) < 400
    assert looks[-1] > looks[-3] == min(looks)  # type: ignore[type-var,operator]
    assert running.loss_of(kin) == pytest.approx(min(looks), abs=1e-5)  # type: ignore[type-var]


def test_what_only_gets_worse_is_a_failure(path: Path, tmp_path: Path) -> None:
    """As if no look after the first had been better: then the best weights are those it began with."""
    running = trainer(path, tmp_path, replace(QUICK, patience=2, look_every=2))
    checkpoint.save_best(tmp_path, running.trained)
    running.best = 0.0
    with pytest.raises(TrainingError, match="changed nothing"):
        all_of(running)


def test_a_half_written_checkpoint_is_not_seen(path: Path, tmp_path: Path) -> None:
    all_of(trainer(path, tmp_path))
    (tmp_path / "step-00000099.part").write_bytes(b"half")
    found = checkpoint.kept(tmp_path)
    assert [file.name for file in found] == ["step-00000006.safetensors", "step-00000008.safetensors"]


def test_a_checkpoint_of_another_run_is_refused(path: Path, tmp_path: Path) -> None:
    all_of(trainer(path, tmp_path))
    with pytest.raises(ValueError, match="another run"):
        all_of(trainer(path, tmp_path, replace(QUICK, targets=("attn_q",))))


def test_off_it_answers_as_before(path: Path, tmp_path: Path) -> None:
    ids = EXAMPLES[0].ids[None]
    with torch.no_grad():
        before = load(path, dtype=torch.float32)(ids)
    running = trainer(path, tmp_path)
    all_of(running)
    running.model.eval()
    with torch.no_grad():
        on = running.model(ids)
        lora.switch(running.model, is_on=False)
        assert torch.equal(running.model(ids), before) and not torch.equal(on, before)


def test_rows_are_filled_and_nothing_is_lost() -> None:
    rows = pack(EXAMPLES, length=40)
    assert sorted(number for row in rows for number in row) == list(range(len(EXAMPLES)))
    assert all(sum(len(EXAMPLES[n]) for n in row) <= 40 for row in rows)
    assert len(rows) < len(EXAMPLES)


def test_each_epoch_is_shuffled_anew_and_can_be_entered_anywhere() -> None:
    order = epochs(5, seed=3)
    first = [next(order) for _ in range(12)]
    assert sorted(first[:5]) == sorted(first[5:10]) == list(range(5)) and first[:5] != first[5:10]
    later = epochs(5, seed=3, start=7)
    assert [next(later) for _ in range(5)] == first[7:12]
