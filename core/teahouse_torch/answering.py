"""What a model in training answers: the likeliest token each time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import torch
from torch import Tensor

from teahouse_torch.decoder import Decoder


@torch.no_grad()
def answer(
    model: Decoder,
    prompt: Sequence[int],
    *,
    most_tokens: int,
    ends: Collection[int],
    should_stop: Callable[[], bool] = lambda: False,
) -> list[int]:
    """Ids after a prompt, without the one that ends them."""
    was_training = model.training
    model.eval()
    device = model.token_embd.weight.device
    kept: dict[int, tuple[Tensor, Tensor]] = {}
    told: list[int] = []
    ids = torch.tensor([list(prompt)], device=device)
    while len(told) < most_tokens and not should_stop():
        token = int(model.following(ids, kept).argmax())
        if token in ends:
            break
        told.append(token)
        ids = torch.tensor([[token]], device=device)
    model.train(was_training)
    return told
