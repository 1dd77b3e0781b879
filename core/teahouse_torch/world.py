"""Processes that train one model together, each on a part of every step; one alone talks to nobody.

`torchrun` starts them and tells each its place in the environment. They add up what they have counted and
their gradients, so that the losses are those of one process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn

TOGETHER = 1 << 22
"""Small gradients are sent in one piece of at most so many numbers."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class World:
    """This process among all.

    Attributes:
        rank: Its number, from 0; the first one writes the files.
    """

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def is_first(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    def share(self, items: Sequence[Item]) -> Sequence[Item]:
        """This process's part of what all do together."""
        return items[self.rank :: self.size]

    def totals(self, *numbers: float) -> tuple[float, ...]:
        """Each number summed over all processes."""
        if self.size == 1:
            return numbers
        told = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        dist.all_reduce(told)
        return tuple(told.tolist())

    def add_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give every process the sum of all gradients."""
        if self.size == 1:
            return
        waiting: list[Tensor] = []
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            waiting.append(parameter.grad)
            if sum(grad.numel() for grad in waiting) >= TOGETHER:
                _add(waiting)
                waiting = []
        _add(waiting)


def _add(gradients: list[Tensor]) -> None:
    if not gradients:
        return
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    for gradient, summed in zip(gradients, torch.split(flat, [g.numel() for g in gradients]), strict=True):
        gradient.copy_(summed.view_as(gradient))


def join(environ: Mapping[str, str] = os.environ) -> World:
    """Meet the other processes that `torchrun` has started; alone where there are none."""
    size = int(environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World()
    if torch.cuda.is_available():
        device = f"cuda:{int(environ.get('LOCAL_RANK', '0')) % torch.cuda.device_count()}"
        torch.cuda.set_device(device)
        dist.init_process_group("nccl")
    else:
        device = "cpu"
        dist.init_process_group("gloo")
    return World(dist.get_rank(), size, device)


def leave(world: World) -> None:
    """Part from the others, once all are done."""
    if world.size > 1:
        dist.barrier()
        dist.destroy_process_group()
