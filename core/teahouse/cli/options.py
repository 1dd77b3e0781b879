"""Options that several commands share."""

from __future__ import annotations

import math
from typing import Any

import click

from teahouse.app import App
from teahouse.engine.sampling import LIMITS, Sampling
from teahouse.language import _


def model_options() -> list[click.Parameter]:
    """Which model, and how it answers."""
    low, high = LIMITS["temperature"]
    seeds = click.IntRange(0, int(LIMITS["seed"][1]))
    heat = _FiniteRange(low, high)
    return [
        click.Option(["--model"], metavar="NAME|PATH|starter", default="", help=_("The model to ask.")),
        click.Option(["--system"], default="", help=_("What the model is told before.")),
        click.Option(["--seed"], type=seeds, help=_("Same seed, same settings: same reply.")),
        click.Option(["--temperature"], type=heat, help=_("0 always takes the likeliest token.")),
        click.Option(
            ["--max-tokens"], type=click.IntRange(1), help=_("A reply stops after this many tokens.")
        ),
    ]


def context_options() -> list[click.Parameter]:
    """What of the conversation is sent, and whether the model thinks first."""
    return [
        click.Option(
            ["--overflow"], type=click.Choice(["refuse", "drop", "summarise"]), default=None,
            help=_("When the context is full: send nothing, leave out the oldest messages, or sum them up."),
        ),
        click.Option(
            ["--reasoning"], type=click.Choice(["auto", "on", "off"]), default=None,
            help=_("Whether the model thinks before it answers, where it lets people choose."),
        ),
        click.Option(
            ["--reproducible", "is_reproducible"], is_flag=True, default=None,
            help=_("Read everything anew: with the same seed always the same reply."),
        ),
    ]  # fmt: skip


def sampling_from(app: App, params: dict[str, Any]) -> Sampling:
    """The sampler values that the options and settings give."""
    temperature = params["temperature"]
    if temperature is None:
        temperature = app.settings.get("chat.temperature")
    return Sampling(temperature=temperature, seed=params["seed"])


def max_tokens_from(app: App, params: dict[str, Any]) -> int:
    """The longest reply that the options and settings give."""
    return int(params["max_tokens"] or app.settings.get("chat.max_tokens"))


class _FiniteRange(click.FloatRange):
    """A range that NaN is not in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(_("{value} is not a number.").format(value=value), param, ctx)
        return number
