"""`teahouse probs`, `teahouse tokens`, `teahouse score`."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import N_, AppError, Command, Setting, Translator
from teahouse.setting import Value

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel, Work
    from teahouse_sampling.scoring import Alternative, Judged, Scored, Scoring
    from teahouse_sampling.spelling import Spelled

_ = Translator("teahouse_sampling")

MOST_TOP = 1000
"""Alternatives that can be asked for; the engine's own limit."""
MOST_BYTES = 64_000_000

_MODEL = N_("The model to ask; empty is the usual one.")


def commands() -> list[Command]:
    """The three commands."""
    from teahouse_sampling.tables import probs_words, score_words, tokens_words

    text = N_("The text, as it stands.")
    return [
        Command(
            "probs",
            N_("How likely a model finds each token of a text, and what comes next"),
            probs,
            params=(
                Setting("probs.text", str, None, N_("Text"), text),
                Setting("probs.chat", bool, False, N_("As a message"), N_(
                    "Send the text as a message through the model's template.")),
                Setting("probs.top", int, 10, N_("Alternatives"), N_(
                    "How many of the likeliest tokens are told at each place."), (1, MOST_TOP)),
                Setting("probs.model", str, "", N_("Model"), _MODEL),
            ),
            json=True,
            needs_engine=True,
            words=probs_words,
        ),
        Command(
            "tokens",
            N_("How a model cuts a text into tokens"),
            tokens,
            params=(
                Setting("tokens.text", str, None, N_("Text"), text),
                Setting("tokens.chat", bool, False, N_("As a message"), N_(
                    "Send the text as a message through the model's template.")),
                Setting("tokens.model", str, "", N_("Model"), _MODEL),
            ),
            json=True,
            needs_engine=True,
            words=tokens_words,
        ),
        Command(
            "score",
            N_("Perplexity of a text file"),
            score,
            params=(
                Setting("score.file", str, None, N_("File"), N_(
                    "A text file; it may be longer than the context.")),
                Setting("score.model", str, "", N_("Model"), _MODEL),
            ),
            json=True,
            needs_engine=True,
            words=score_words,
        ),
    ]  # fmt: skip


# --- probs ------------------------------------------------------------------------------------------


def probs(app: App, params: Mapping[str, Value]) -> Work:
    """Work that returns `{tokens: [{id, piece, logprob, top}], next}`; nothing of it is stored."""
    from teahouse_sampling.scoring import score_text

    def work(cancel: Cancel) -> Generator[Any, None, dict[str, Any]]:
        asked = score_text(
            app,
            str(params["probs.text"]),
            model=str(params["probs.model"]),
            is_chat=bool(params["probs.chat"]),
            top_n=int(params["probs.top"]),
        )
        scored: Scored = yield from asked(cancel)
        return {"tokens": [_judged(one) for one in scored.tokens], "next": _tops(scored.next)}

    return work


def _judged(one: Judged) -> dict[str, Any]:
    return {**one.token.as_json(), "logprob": one.logprob, "top": _tops(one.top)}


def _tops(alternatives: tuple[Alternative, ...]) -> list[dict[str, Any]]:
    return [{**one.token.as_json(), "p": one.p} for one in alternatives]


# --- tokens -----------------------------------------------------------------------------------------


def tokens(app: App, params: Mapping[str, Value]) -> Work:
    """Work that returns `{model, count, tokens: [{id, piece, bytes, is_special}]}`."""
    from teahouse_sampling.scoring import check_text, ids_of, open_model
    from teahouse_sampling.spelling import spell

    def work(cancel: Cancel) -> Generator[Any, None, dict[str, Any]]:
        text = str(params["tokens.text"])
        check_text(text)
        engine = yield from open_model(app, str(params["tokens.model"]), cancel)
        ids = ids_of(engine, text, is_chat=True) if params["tokens.chat"] else engine.tokenize(text)
        found = [_spelled(one) for one in spell(engine, ids)]
        return {"model": engine.model.name, "count": len(ids), "tokens": found}

    return work


def _spelled(one: Spelled) -> dict[str, Any]:
    return {"id": one.id, "piece": one.piece, "bytes": one.data.hex(), "is_special": one.is_control}


# --- score ------------------------------------------------------------------------------------------


def score(app: App, params: Mapping[str, Value]) -> Work:
    """Work that returns `{model, perplexity, tokens, scored, windows}` of a file."""
    from teahouse_sampling.scoring import head_of, open_model
    from teahouse_sampling.windows import score_windows

    def work(cancel: Cancel) -> Generator[Any, None, dict[str, Any]]:
        text = read_text(Path(str(params["score.file"])).expanduser())
        engine: Engine = yield from open_model(app, str(params["score.model"]), cancel)
        ids, head = engine.tokenize(text, cancel), head_of(engine)
        if len(ids) + len(head) < 2:
            raise AppError(
                _("The text is a single token, and nothing comes before it."),
                _("Perplexity needs two tokens at least."),
            )
        told: Generator[Scoring, None, Any] = score_windows(engine, ids, head=head, cancel=cancel)
        result = yield from told
        return {"model": engine.model.name, "tokens": len(ids), **result}

    return work


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        AppError: It cannot be read, is empty, far too long, or no text in a known encoding.
    """
    from teahouse.chat.encodings import decode

    def refused(why: str, hint: str = "") -> AppError:
        return AppError(_("{file} cannot be scored: {why}.").format(file=file, why=why), hint, path=str(file))

    try:
        if not file.is_file():
            raise refused(_("there is no such file"))
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise refused(_("it cannot be read ({error})").format(error=error.strerror or error)) from error
    if len(data) > MOST_BYTES:
        raise refused(_("it has more than {size} MB").format(size=MOST_BYTES // 1_000_000))
    text = decode(data)
    if text is None:
        raise refused(
            _("it is no text, or in an encoding that is not known for certain"), _("Save it as UTF-8.")
        )
    if not text:
        raise refused(_("it is empty"))
    return text
