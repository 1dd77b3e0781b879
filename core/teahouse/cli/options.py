"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from teahouse.app import App
from teahouse.engine.sampling import LIMITS
from teahouse.errors import SettingError
from teahouse.language import _, listed
from teahouse.models.adapter_choice import KEY as ADAPTERS
from teahouse.setting import Setting, Value


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
        click.Option(
            ["--adapter", "adapters"], metavar="NAME[=SCALE]", multiple=True,
            help=_("An adapter that is on, with a scale from 0 to 1.5 if not 1; repeatable."),
        ),
        values_option(
            _("A setting for this alone, such as sampling.top_k=20 or sampling.grammar=@FILE; repeatable.")
        ),
    ]  # fmt: skip


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


def values_option(help_text: str) -> click.Option:
    """`--set KEY=VALUE`, as often as wanted; `@FILE` stands for what is in a file."""
    return click.Option(["--set", "values"], metavar="KEY=VALUE", multiple=True, help=help_text)


def values_from(app: App, params: dict[str, Any]) -> dict[str, Value]:
    """Values of settings that the options give for one reply.

    Raises:
        SettingError: As `parse_values`.
    """
    chosen = parse_values(app, params.get("values") or ())
    for option, key in (("temperature", "chat.temperature"), ("max_tokens", "chat.max_tokens")):
        if params.get(option) is not None:
            chosen[key] = setting_of(app, key).check(params[option])
    if params.get("adapters"):
        chosen[ADAPTERS] = setting_of(app, ADAPTERS).check(", ".join(params["adapters"]))
    return chosen


def parse_values(app: App, texts: Iterable[str]) -> dict[str, Value]:
    """The values of `KEY=VALUE`, checked.

    Raises:
        click.UsageError: One is not of this form.
        SettingError: A conversation has no such setting, the value is not allowed, or its file cannot be
            read.
    """
    chosen = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(_("“{text}” is not KEY=VALUE.").format(text=text))
        setting = setting_of(app, key.strip())
        is_file = setting.type is str and value.startswith("@")
        chosen[setting.key] = setting.parse(_read(setting, Path(value[1:])) if is_file else value)
    return chosen


def setting_of(app: App, key: str) -> Setting:
    """The setting of this name, which a conversation can have.

    Raises:
        SettingError: There is none; lists those there are.
    """
    known = {s.key: s for s in app.settings.declared if "conversation" in s.scopes}
    if key not in known:
        raise SettingError(
            _("There is no setting {key} for conversations.").format(key=key),
            _("There are: {keys}.").format(keys=listed(known)),
            key=key,
        )
    return known[key]


def _read(setting: Setting, file: Path) -> str:
    try:
        return file.expanduser().read_text("utf-8")
    except (OSError, ValueError) as error:
        raise SettingError(
            _("{file} cannot be read ({reason}).").format(
                file=file, reason=getattr(error, "strerror", None) or error
            ),
            _("After @ comes the name of a text file (UTF-8) for {key}.").format(key=setting.key),
            key=setting.key,
        ) from error


class _FiniteRange(click.FloatRange):
    """A range that NaN is not in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(_("{value} is not a number.").format(value=value), param, ctx)
        return number
