"""`teahouse ask`: one question, one answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from dataclasses import asdict
from typing import Any

import click

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.turn import TurnRequest, take_turn, wanted_model
from teahouse.cli.console import ProgressLine, echo_reply, loading_text, read_input, run
from teahouse.cli.main import Session
from teahouse.cli.options import max_tokens_from, model_options, sampling_from
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import ModelLoading, Reply, TextDelta

TIMINGS = ("load_s", "first_token_s", "prompt_tps", "decode_tps")


def command() -> click.Command:
    """The command."""
    return click.Command(
        "ask",
        callback=_ask,
        help=_("Ask one question. Without one, or with “-”, it is read from standard input."),
        params=[
            click.Argument(["question"], required=False),
            click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object.")),
            click.Option(["--save", "is_saved"], is_flag=True, help=_("Keep it as a conversation.")),
            *model_options(),
        ],
    )


@click.pass_obj
def _ask(session: Session, /, question: str | None, is_json: bool, is_saved: bool, **params: Any) -> None:
    text = read_question(question)
    app = session.app
    work = _saved(app, text, params) if is_saved else _unsaved(app, text, params)
    line = ProgressLine()
    reply: Reply = run(work, lambda event: _show(event, line, is_json=is_json))
    line.clear()
    if is_json:
        click.echo(json.dumps(as_object(reply), ensure_ascii=False))
    else:
        click.echo("" if reply.text.endswith("\n") else "\n", nl=False)


def read_question(question: str | None) -> str:
    """The question: the argument, or standard input where it is `-` or missing.

    Raises:
        click.UsageError: There is none.
    """
    if question is None and sys.stdin.isatty():
        raise click.UsageError(_("What is the question?"))
    text = read_input(sys.stdin.read) if question in (None, "-") else question
    if not text or not text.strip():
        raise click.UsageError(_("The question is empty."))
    return text


def as_object(reply: Reply) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "reply": reply.text,
        "model": reply.model,
        "finish_reason": reply.finish_reason,
        "usage": asdict(reply.usage),
        "timings": {name: round(getattr(reply.timings, name), 4) for name in TIMINGS},
    }


def _unsaved(app: App, text: str, params: dict[str, Any]) -> Work:
    messages = [{"role": "user", "content": text}]
    if system := params["system"] or app.settings.get("chat.system_prompt"):
        messages.insert(0, {"role": "system", "content": system})
    question = Question(
        model=wanted_model(app, name=params["model"]),
        messages=tuple(messages),
        sampling=sampling_from(app, params),
        max_tokens=max_tokens_from(app, params),
    )

    def work(cancel: Cancel) -> Generator[object, None, Reply]:
        done = Answered()
        yield from answer(app.engines, question, cancel, done)
        name = done.model.name if done.model else ""
        return Reply("", "", name, done.text, done.finish_reason, done.usage, done.timings)

    return work


def _saved(app: App, text: str, params: dict[str, Any]) -> Work:
    model = wanted_model(app, name=params["model"])
    conversation = app.store.create_conversation(model=model, system_prompt=params["system"])
    return take_turn(
        app,
        TurnRequest(
            conversation.id,
            text,
            sampling=sampling_from(app, params),
            max_tokens=max_tokens_from(app, params),
        ),
    )


def _show(event: object, line: ProgressLine, *, is_json: bool) -> None:
    if isinstance(event, ModelLoading):
        line.show(loading_text(event))
    elif isinstance(event, TextDelta) and not is_json:
        line.clear()
        echo_reply(event.text)
