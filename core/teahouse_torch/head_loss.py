"""The loss of the head, without keeping logits: a vocabulary of 150,000 takes 0.6 MB for each learned token.

Logits are made for a few tokens at a time, and what they send back is made at once, so that neither the
number of learned tokens nor the way back needs more. Source: the idea of Liger (arXiv:2410.10989).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from teahouse_torch.memory import LOGITS_BYTES


def summed_loss(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """Sum of the cross-entropies, in nats, in float32.

    Args:
        hidden: What the head reads, (tokens, width).
        weight: The head, (vocabulary, width).
        targets: The tokens that come next, (tokens,).
    """
    if not torch.is_grad_enabled():
        parts = [F.cross_entropy(F.linear(h, weight).float(), t, reduction="sum") for h, t in
                 _parts(hidden, targets, weight)]  # fmt: skip
        return torch.stack(parts).sum() if parts else hidden.new_zeros((), dtype=torch.float32)
    loss: Tensor = _HeadLoss.apply(hidden, weight, targets)  # type: ignore[no-untyped-call]
    return loss


def rows_at_once(vocabulary: int) -> int:
    """Tokens whose logits are held at one time."""
    return max(1, LOGITS_BYTES // (4 * vocabulary))


def _parts(hidden: Tensor, targets: Tensor, weight: Tensor) -> list[tuple[Tensor, Tensor]]:
    size = rows_at_once(len(weight))
    return (
        list(zip(torch.split(hidden, size), torch.split(targets, size), strict=True)) if len(targets) else []
    )


class _HeadLoss(torch.autograd.Function):
    """The gradients are those of one loss; `backward` only scales them."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        needs_hidden, needs_weight = ctx.needs_input_grad[:2]
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        to_hidden = torch.zeros_like(hidden) if needs_hidden else None
        to_weight = torch.zeros_like(weight, dtype=torch.float32) if needs_weight else None
        at = 0
        for part, wanted in _parts(hidden, targets, weight):
            logits = F.linear(part, weight).float()
            logits -= logits.logsumexp(-1, keepdim=True)
            total -= logits.gather(-1, wanted[:, None]).sum()
            sent = logits.exp_()  # the likelihoods …
            sent.scatter_add_(-1, wanted[:, None], sent.new_full((len(wanted), 1), -1.0))  # … less the truth
            sent = sent.to(weight.dtype)
            if to_hidden is not None:
                to_hidden[at : at + len(part)] = sent @ weight
            if to_weight is not None:
                to_weight += sent.T @ part
            at += len(part)
        ctx.sent = to_hidden, to_weight if to_weight is None else to_weight.to(weight.dtype)
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        to_hidden, to_weight = (None if sent is None else sent * grads[0].to(sent.dtype) for sent in ctx.sent)
        return to_hidden, to_weight, None
