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
from teahouse.chat.attachments import with_files
from teahouse.chat.history import Entry
from teahouse.chat.parameters import parameters_of
from teahouse.chat.question import REASONING, sampling_for
from teahouse.chat.turn import Preview, TurnRequest, preview_of, take_turn, wanted_model
from teahouse.cli.console import echo_reply, read_input, run
from teahouse.cli.files import attach_option, read_files
from teahouse.cli.main import Session
from teahouse.cli.options import context_options, model_options, values_from
from teahouse.cli.reply import ReplyView
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import Conversation, Reply
from teahouse.models.adapter_choice import adapters_of

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
            click.Option(
                ["--dry-run", "is_dry"],
                is_flag=True,
                help=_("Print exactly what would be sent; ask nothing."),
            ),
            attach_option(),
            *model_options(),
            *context_options(),
        ],
    )


@click.pass_obj
def _ask(
    session: Session, /, question: str | None, is_json: bool, is_saved: bool, is_dry: bool, **params: Any
) -> None:
    if is_dry and is_saved:
        raise click.UsageError(_("--dry-run keeps nothing; leave out --save."))
    text = read_question(question)
    params["files"] = read_files(params.pop("attach"))
    app = session.app
    view = ReplyView(is_silent=is_json)
    try:
        if is_dry:
            _print_preview(run(_look(app, text, params), view.show), is_json=is_json)
            return
        work = _saved(app, text, params) if is_saved else _unsaved(app, text, params)
        reply: Reply = run(work, view.show)
    finally:
        view.end()
    if is_json:
        click.echo(json.dumps(as_object(reply), ensure_ascii=False))
    else:
        click.echo("" if reply.text.endswith("\n") else "\n", nl=False)
    view.show_limit(reply)


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


def _print_preview(seen: Preview, *, is_json: bool) -> None:
    if is_json:
        told = {
            "model": seen.model,
            "prompt": seen.text,
            "prompt_tokens": seen.prompt_tokens,
            "context": seen.context,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    echo_reply(seen.text)
    if sys.stdout.isatty() and not seen.text.endswith("\n"):
        click.echo()


def _question(app: App, text: str, params: dict[str, Any]) -> Question:
    files = params["files"]
    messages = [Entry("user", with_files(text, files), is_trusted=not files)]
    if system := params["system"] or app.settings.get("chat.system_prompt"):
        messages.insert(0, Entry("system", system))
    model = wanted_model(app, name=params["model"])
    # It belongs to no conversation: one that is nowhere stored says what is wanted for it alone.
    wanted = Conversation("", "", 0, 0, model=model, settings=dict(values_from(app, params)))
    parameters = parameters_of(app, wanted, model)
    return Question(
        model=model,
        messages=tuple(messages),
        sampling=sampling_for(TurnRequest("", seed=params["seed"]), parameters),
        biases=parameters.biases,
        max_tokens=parameters.max_tokens,
        stop=parameters.stop,
        overflow=params["overflow"] or app.settings.get("chat.overflow"),
        has_reasoning=REASONING[params["reasoning"] or app.settings.get("chat.reasoning")],
        is_reproducible=params["is_reproducible"] or app.settings.get("chat.reproducible"),
        adapters=adapters_of(app, wanted, model),
    )


def _look(app: App, text: str, params: dict[str, Any]) -> Work:
    question = _question(app, text, params)

    def work(cancel: Cancel) -> Generator[object, None, Preview]:
        return (yield from preview_of(app, question, cancel))

    return work


def _unsaved(app: App, text: str, params: dict[str, Any]) -> Work:
    question = _question(app, text, params)

    def work(cancel: Cancel) -> Generator[object, None, Reply]:
        done = Answered()
        yield from answer(app.engines, question, cancel, done)
        name = done.model.name if done.model else ""
        return Reply("", "", name, done.text, done.finish_reason, done.usage, done.timings)

    return work


def _saved(app: App, text: str, params: dict[str, Any]) -> Work:
    model, settings = wanted_model(app, name=params["model"]), values_from(app, params)
    conversation = app.store.create_conversation(model=model, system_prompt=params["system"])
    return take_turn(
        app,
        TurnRequest(
            conversation.id,
            text,
            settings=settings,
            seed=params["seed"],
            overflow=params["overflow"] or "",
            reasoning=params["reasoning"] or "",
            is_reproducible=params["is_reproducible"],
            attachments=params["files"],
        ),
    )
