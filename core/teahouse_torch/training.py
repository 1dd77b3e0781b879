"""The training loop, read from top to bottom: examples in, a LoRA or other weights out.

One recipe serves fine-tuning (only the assistant's tokens are learned) and continued pretraining (all
are): which tokens are learned stands in the examples. Source: LoRA (arXiv:2106.09685), AdamW
(arXiv:1711.05101).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from teahouse.errors import AppError
from teahouse.language import _
from teahouse_torch import checkpoint, lora
from teahouse_torch.decoder import Decoder
from teahouse_torch.examples import IGNORED, Batch, Example, Material, collate, epochs, pack
from teahouse_torch.head_loss import summed_loss
from teahouse_torch.loading import distance
from teahouse_torch.settings import TrainingSettings
from teahouse_torch.world import World

PROBED = 4
"""Learned examples whose loss tells whether anything has changed, where none are held out."""
LEAST_CHANGE = 1e-6
"""Of that loss, as a share of it."""


class TrainingError(AppError):
    """Training failed; what was kept up to then is in the run's folder."""


@dataclass(slots=True)
class Trainer:
    """One run on its way.

    Attributes:
        folder: Where checkpoints are kept.
        origin: The file that the model came from.
        step: Steps that were taken.
        first: The loss by which a change is told, before the first step.
        best: The best held-out loss so far.
        stale: Looks since then.
    """

    model: Decoder
    material: Material
    settings: TrainingSettings
    folder: Path
    should_stop: Callable[[], bool]
    origin: Path | None = None
    world: World = field(default_factory=World)
    step: int = 0
    first: float = math.nan
    best: float = math.inf
    stale: int = 0
    trained: dict[str, nn.Parameter] = field(default_factory=dict)
    optimiser: torch.optim.AdamW = field(init=False)
    rows: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        s, model = self.settings, self.model
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
        torch.manual_seed(s.seed + self.world.rank)  # of dropout; what begins with noise has its own seed

    # --- the loop -----------------------------------------------------------------------------------

    def run(self) -> Generator[dict[str, Any], None, str]:
        """Train until the steps are done; yields one row of metrics for each step and look.

        Returns:
            Why it ended: `done`, `early` (the held-out loss grew; the best weights are back) or `stopped`.

        Raises:
            TrainingError: A loss is no number, or nothing has changed.
        """
        s = self.settings
        yield from self._begin()
        batches = epochs(len(self.rows), seed=s.seed, start=self._taken)
        while self.step < s.steps and not self._is_stale:
            if any(self.world.totals(self.should_stop())):
                self._keep()
                return "stopped"
            yield self._step([next(batches) for _ in range(self._rows_each_step)])
            is_last = self.step == s.steps
            if is_last or self.step % s.look_every == 0:
                yield self._look()
            if is_last or self._is_stale or self.step % s.keep_every == 0:
                self._keep()
        if s.patience and self.best < math.inf:
            checkpoint.load_best(self.folder, self.trained)
        self._check_change()
        return "early" if self._is_stale else "done"

    def _begin(self) -> Generator[dict[str, Any], None, None]:
        found = checkpoint.kept(self.folder)
        if not found:
            self.first = self._probe()
            yield self._look()
            return
        self.step, facts = checkpoint.load(found[-1], self.trained, self.optimiser)
        self.first, self.stale = facts["first"], facts["stale"]
        self.best = math.inf if facts["best"] is None else facts["best"]
        yield {"kind": "resumed", "step": self.step}

    def _step(self, numbers: Sequence[int]) -> dict[str, Any]:
        s, begun = self.settings, time.monotonic()
        mine = self.world.share(numbers)
        batches = [self._batch(mine[at : at + s.rows]) for at in range(0, len(mine), s.rows)]
        learned, tokens = self.world.totals(sum(b.learned for b in batches), sum(b.tokens for b in batches))
        rate = s.rate(self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.train()
        total = sum(self._learn(batch, share=1 / max(1, learned)) for batch in batches)
        (total,) = self.world.totals(total)
        self.world.add_gradients(self.trained.values())
        length = float(nn.utils.clip_grad_norm_(self.trained.values(), s.clip or math.inf))
        if math.isfinite(total) and math.isfinite(length):
            self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self._check_number(total + length, self.step + 1)
        self.step += 1
        return {
            **{"kind": "step", "step": self.step, "loss": total, "rate": rate, "gradient": length},
            **{"tokens": int(tokens), "learned": int(learned), "seconds": time.monotonic() - begun},
        }

    def _learn(self, batch: Batch, *, share: float) -> float:
        """Add a batch's gradients to those of the step; returns its part of the step's loss."""
        loss = self._loss(batch) * share
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def _batch(self, numbers: Sequence[int]) -> Batch:
        return collate([[self.material.train[one] for one in self.rows[number]] for number in numbers])

    @property
    def _rows_each_step(self) -> int:
        return min(self.settings.rows * self.settings.accumulation, max(1, len(self.rows)))

    @property
    def _taken(self) -> int:
        return self.step * self._rows_each_step

    @property
    def _is_stale(self) -> bool:
        return 0 < self.settings.patience <= self.stale

    # --- losses -------------------------------------------------------------------------------------

    def _loss(self, batch: Batch) -> Tensor:
        """Sum of the learned tokens' cross-entropies, in nats; logits are made for these alone."""
        batch = batch.to(self.model.token_embd.weight.device)
        hidden = self.model.hidden(batch.ids, owners=batch.owners if batch.is_packed else None)
        is_learned = batch.targets != IGNORED
        return summed_loss(hidden[is_learned], self.model.head_weight, batch.targets[is_learned])

    @torch.no_grad()
    def loss_of(self, examples: Sequence[Example]) -> float:
        """Mean loss of the learned tokens, in nats; NaN where there are none."""
        self.model.eval()
        total, learned = 0.0, 0
        for example in self.world.share(examples):
            batch = collate([[example]])
            total += float(self._loss(batch))
            learned += batch.learned
        total, learned = self.world.totals(total, learned)  # type: ignore[assignment]
        return total / learned if learned else math.nan

    def _probe(self) -> float:
        """The loss by which a change is told; NaN where nothing is learned."""
        return self.loss_of(self.material.held_out or self.material.train[:PROBED])

    # --- looks --------------------------------------------------------------------------------------

    def _look(self) -> dict[str, Any]:
        held_out = self.loss_of(self.material.held_out)
        losses = {name: self.loss_of(texts) for name, texts in self.material.general.items()}
        if _learned(self.material.held_out):
            self._check_number(held_out, self.step)
            self._compare(held_out)
        return {
            **{"kind": "look", "step": self.step, "held_out": None if math.isnan(held_out) else held_out},
            **{"perplexity": {name: perplexity(loss) for name, loss in losses.items()}},
            **{"moved": self._moved()},
        }

    def _compare(self, held_out: float) -> None:
        """Remember whether the held-out loss was never better, and the weights that made it so."""
        is_better = held_out < self.best
        self.best, self.stale = (held_out, 0) if is_better else (self.best, self.stale + 1)
        if is_better and self.settings.patience and self.world.is_first:
            checkpoint.save_best(self.folder, self.trained)

    def _moved(self) -> float | None:
        """How far the weights are from those of the file; None where that is not known."""
        if not self.settings.is_full:
            return lora.norm(self.model, self.settings.lora)
        return distance(self.model, self.origin) if self.origin else None

    # --- what is kept -------------------------------------------------------------------------------

    def _keep(self) -> None:
        if self.world.is_first:
            best = self.best if math.isfinite(self.best) else None
            facts = {"best": best, "stale": self.stale, "first": self.first}
            checkpoint.save(self.folder, self.step, self.trained, self.optimiser, facts)

    def _check_change(self) -> None:
        """Refuse to call it done where neither weights nor answers are others than before."""
        now = self._probe()
        is_same = not abs(now - self.first) > LEAST_CHANGE * abs(self.first)  # NaN: nothing is learned
        if is_same or self._moved() == 0.0:
            raise TrainingError(
                _("The training has changed nothing: loss {before} before, {now} now.").format(
                    before=_short(self.first), now=_short(now)
                ),
                _(
                    "Does the data have answers to learn, and is the held-out part like the rest? "
                    "Else raise the learning rate. No file was made."
                ),
            )

    def _check_number(self, loss: float, step: int) -> None:
        if not math.isfinite(loss) and not step:
            raise TrainingError(
                _("The loss is no number before anything was learned ({loss}).").format(loss=loss),
                _("The model's file may be damaged: check it, or train another model."),
                step=step,
            )
        if not math.isfinite(loss):
            raise TrainingError(
                _("The loss is no number any more (step {step}: {loss}).").format(step=step, loss=loss),
                _("Choose a lower learning rate. What was kept before that step is in the run's folder."),
                step=step,
            )


def perplexity(loss: float) -> float | None:
    """e to a mean loss; None where that is no number."""
    return math.exp(loss) if loss < math.log(1e30) else None


def _learned(examples: Iterable[Example]) -> bool:
    return any(bool(example.learned[1:].any()) for example in examples)


def _short(loss: float) -> str:
    return "–" if math.isnan(loss) else f"{loss:.4f}"
