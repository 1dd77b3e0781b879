"""The training loop, read from top to bottom: examples in, a LoRA or other weights out.

One recipe serves fine-tuning (only the assistant's tokens are learned) and continued pretraining (all
are): which tokens are learned stands in the examples. Source: LoRA (arXiv:2106.09685), AdamW
(arXiv:1711.05101).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from teahouse.errors import AppError
from teahouse.language import _
from teahouse_torch import checkpoint, lora
from teahouse_torch.decoder import Decoder
from teahouse_torch.examples import IGNORED, Batch, Example, collate, epochs, pack
from teahouse_torch.settings import TrainingSettings

HEAD_ROWS = 512
"""Logits are made for so many learned tokens at a time: a vocabulary of 150,000 takes 0.6 MB each."""


class TrainingError(AppError):
    """Training failed; what was kept up to then is in the run's folder."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from and is looked at with.

    Attributes:
        general: Texts that have nothing to do with it, by name: how well they are still known is what
            shows forgetting.
    """

    train: Sequence[Example]
    held_out: Sequence[Example] = ()
    general: Mapping[str, Sequence[Example]] = field(default_factory=dict)


@dataclass(slots=True)
class Trainer:
    """One run on its way.

    Attributes:
        step: Steps that were taken.
        best: The best held-out loss so far.
        stale: Looks since then.
    """

    model: Decoder
    material: Material
    settings: TrainingSettings
    folder: Path
    should_stop: Callable[[], bool]
    step: int = 0
    best: float = math.inf
    stale: int = 0
    trained: dict[str, nn.Parameter] = field(default_factory=dict)
    optimiser: torch.optim.AdamW = field(init=False)
    rows: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        s, model = self.settings, self.model
        torch.manual_seed(s.seed)
        if s.is_full:
            for parameter in model.requires_grad_(True).parameters():
                parameter.data = parameter.data.float()
        else:
            lora.add(model, s.lora, seed=s.seed)
        model.is_checkpointed = s.is_checkpointed
        self.trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.optimiser = torch.optim.AdamW(
            self.trained.values(), lr=s.learning_rate, weight_decay=s.weight_decay, betas=(0.9, 0.99)
        )
        self.rows = pack(self.material.train, length=s.length)

    # --- the loop -----------------------------------------------------------------------------------

    def run(self) -> Generator[dict[str, Any], None, str]:
        """Train until the steps are done; yields one row of metrics for each step and look.

        Returns:
            Why it ended: `done`, `early` (the held-out loss grew) or `stopped`.

        Raises:
            TrainingError: The loss is no number, or nothing has changed.
        """
        yield from self._resume()
        batches = epochs(len(self.rows), seed=self.settings.seed, start=self._taken)
        while self.step < self.settings.steps:
            if self.should_stop():
                self._keep()
                return "stopped"
            yield self._step([next(batches) for _ in range(self._rows_each_step)])
            is_last = self.step == self.settings.steps
            if is_last or self.step % self.settings.look_every == 0:
                yield self._look()
            if is_last or self.step % self.settings.keep_every == 0:
                self._keep()
            if self.settings.patience and self.stale >= self.settings.patience:
                self._keep()
                return "early"
        self._check_change()
        return "done"

    def _resume(self) -> Generator[dict[str, Any], None, None]:
        found = checkpoint.kept(self.folder)
        if not found:
            yield self._look()
            return
        self.step, facts = checkpoint.load(found[-1], self.trained, self.optimiser)
        self.best, self.stale = facts["best"] or math.inf, facts["stale"]
        yield {"kind": "resumed", "step": self.step}

    def _step(self, numbers: Sequence[int]) -> dict[str, Any]:
        s, begun = self.settings, time.monotonic()
        batches = [self._batch(numbers[at : at + s.rows]) for at in range(0, len(numbers), s.rows)]
        learned = sum(batch.learned for batch in batches)
        rate = s.rate(self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.train()
        total = 0.0
        for batch in batches:
            loss = self._loss(batch) / max(1, learned)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        length = float(nn.utils.clip_grad_norm_(self.trained.values(), s.clip or math.inf))
        if not (math.isfinite(total) and math.isfinite(length)):
            self.optimiser.zero_grad(set_to_none=True)
            raise self._no_number(total)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        tokens, spent_s = sum(batch.tokens for batch in batches), time.monotonic() - begun
        return {
            **{"kind": "step", "step": self.step, "loss": total, "rate": rate, "gradient": length},
            **{"tokens": tokens, "learned": learned, "seconds": spent_s},
        }

    def _batch(self, numbers: Sequence[int]) -> Batch:
        return collate([[self.material.train[one] for one in self.rows[number]] for number in numbers])

    @property
    def _rows_each_step(self) -> int:
        return min(self.settings.rows * self.settings.accumulation, max(1, len(self.rows)))

    @property
    def _taken(self) -> int:
        return self.step * self._rows_each_step

    # --- losses -------------------------------------------------------------------------------------

    def _loss(self, batch: Batch) -> Tensor:
        """Sum of the learned tokens' cross-entropies, in nats; logits are made for these alone."""
        owners = batch.owners if batch.is_packed else None
        hidden = self.model.hidden(batch.ids, owners=owners)
        is_learned = batch.targets != IGNORED
        chosen, targets = hidden[is_learned], batch.targets[is_learned]
        parts = zip(chosen.split(HEAD_ROWS), targets.split(HEAD_ROWS), strict=True)
        losses = [F.cross_entropy(self.model.head(h).float(), t, reduction="sum") for h, t in parts]
        return torch.stack(losses).sum() if losses else hidden.sum() * 0

    @torch.no_grad()
    def loss_of(self, examples: Sequence[Example]) -> float:
        """Mean loss of the learned tokens, in nats; NaN where there are none."""
        self.model.eval()
        total, learned = 0.0, 0
        for example in examples:
            batch = collate([[example]])
            total += float(self._loss(batch))
            learned += batch.learned
        return total / learned if learned else math.nan

    # --- looks --------------------------------------------------------------------------------------

    def _look(self) -> dict[str, Any]:
        held_out = self.loss_of(self.material.held_out)
        general = {name: math.exp(self.loss_of(texts)) for name, texts in self.material.general.items()}
        if self.material.held_out:
            is_better = held_out < self.best
            self.best, self.stale = (held_out, 0) if is_better else (self.best, self.stale + 1)
        seen = None if math.isnan(held_out) else held_out
        moved = None if self.settings.is_full else lora.norm(self.model, self.settings.lora)
        return {"kind": "look", "step": self.step, "held_out": seen, "perplexity": general, "moved": moved}

    # --- what is kept -------------------------------------------------------------------------------

    def _keep(self) -> None:
        facts = {"best": self.best if math.isfinite(self.best) else None, "stale": self.stale}
        checkpoint.save(self.folder, self.step, self.trained, self.optimiser, facts)

    def _check_change(self) -> None:
        if not self.settings.is_full and lora.norm(self.model, self.settings.lora) == 0.0:
            raise TrainingError(
                _("The training has changed nothing."),
                _("Does the data have answers to learn? Else raise the learning rate. No file was made."),
            )

    def _no_number(self, loss: float) -> TrainingError:
        return TrainingError(
            _("The loss is no number any more (step {step}: {loss}).").format(step=self.step + 1, loss=loss),
            _("Choose a lower learning rate. What was kept before that step is in the run's folder."),
            step=self.step + 1,
        )
