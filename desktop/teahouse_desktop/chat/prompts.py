"""Exactly what is sent to the model: counted and shown before, and read back from a stored reply."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.errors import EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.messages import Generation
from teahouse_desktop.chat.fitted import Fitted, stored_in
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Given, Operation

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.chat.turn import Preview, TurnRequest
    from teahouse.engine.loaded import Engine

LONGEST_TITLE = 60

Span = tuple[str, bool]
"""Text, and whether it is a control token."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it is sent, or was.

    Attributes:
        spans: Its text in order, control tokens apart from the rest.
        tokens: Length of the whole prompt.
        context: Tokens that fit into the model's context, the reply included; 0 when nobody knows.
        left_out: The beginnings of the messages that are not sent, oldest first.
        reply_id: The reply for which it was sent; empty for what would be sent now.
    """

    model: str
    spans: tuple[Span, ...]
    tokens: int
    context: int
    fitted: Fitted
    left_out: tuple[str, ...] = ()
    reply_id: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(text for text, _ in self.spans)

    @property
    def share(self) -> float:
        """Part of the context that it takes, from 0."""
        return self.tokens / self.context if self.context else 0.0


def count_prompt(
    *, app: App, conversation_id: str, text: str, edited_id: str = "", files: Given = ()
) -> Operation:
    """Count what would be sent now; the result is a `Prompt` without its text.

    It is None where the model is not in memory: none is loaded only to count.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Prompt | None]:
        from teahouse.chat.turn import preview, wanted_model

        name = wanted_model(app, app.store.conversation(conversation_id))
        if app.engines.get(name) is None:
            return None
        request = _request(app, conversation_id, text, edited_id, files)
        return _prompt(app, (yield from preview(app, request)(cancel)))

    return Operation(
        translate("Operations", "Counting what would be sent"), work, "model", is_background=True
    )


def preview_prompt(
    *, app: App, conversation_id: str, text: str, edited_id: str = "", files: Given = ()
) -> Operation:
    """Render what would be sent now, with the model brought into memory; the result is a `Prompt`.

    Args:
        text: What has been typed.
        edited_id: The message of which another version is being written; empty at the end.
        files: What the message carries.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Prompt]:
        from teahouse.chat.turn import preview

        request = _request(app, conversation_id, text, edited_id, files)
        seen: Preview = yield from preview(app, request)(cancel)
        return replace(_prompt(app, seen), spans=_spell(app.engines.get(seen.model), seen))

    return Operation(translate("Operations", "Looking at what would be sent"), work, "model")


def read_sent_prompt(*, app: App, message_id: str) -> Operation:
    """Read what was sent for a reply; the result is a `Prompt`. Its model must be in memory.

    A prompt is kept as the numbers of its tokens, which only the model that read them can spell out.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Prompt]:
        yield from ()
        generation = app.store.generation(message_id)
        if generation is None:
            raise EngineError(translate("Operations", "What was sent for this reply has not been kept."))
        fitted = stored_in(app.store.message(message_id)) or Fitted()
        return Prompt(
            generation.model,
            join_pieces(_engine_of(app, generation).pieces(generation.prompt_ids)),
            len(generation.prompt_ids),
            int(generation.engine.get("context", 0)),
            fitted,
            _titles(app, fitted.not_sent),
            message_id,
        )

    return Operation(translate("Operations", "Reading what was sent"), work, "model")


def join_pieces(pieces: Iterable[tuple[bytes, bool]]) -> tuple[Span, ...]:
    """Pieces of tokens as text: neighbours that are no control tokens are one, so that no letter is cut."""
    spans: list[Span] = []
    plain = b""
    for piece, is_control in pieces:
        if not is_control:
            plain += piece
            continue
        spans.append((plain.decode("utf-8", "replace"), False))
        spans.append((piece.decode("utf-8", "replace"), True))
        plain = b""
    spans.append((plain.decode("utf-8", "replace"), False))
    return tuple(span for span in spans if span[0])


def _spell(engine: Engine | None, seen: Preview) -> tuple[Span, ...]:
    """The text with its control tokens told apart; without, where a back end cannot tell."""
    try:
        return join_pieces(engine.pieces(seen.ids)) if engine else ((seen.text, False),)
    except EngineCrashed:
        raise
    except EngineError:
        return ((seen.text, False),)


def _request(app: App, conversation_id: str, text: str, edited_id: str, files: Given) -> TurnRequest:
    from teahouse.chat.turn import ROOT, TurnRequest

    parent_id = (app.store.message(edited_id).parent_id or ROOT) if edited_id else None
    return TurnRequest(conversation_id, text, parent_id=parent_id, attachments=tuple(files))


def _prompt(app: App, seen: Preview) -> Prompt:
    fitted = Fitted(seen.not_sent, seen.is_summarised, seen.repair)
    return Prompt(seen.model, (), seen.prompt_tokens, seen.context, fitted, _titles(app, seen.not_sent))


def _engine_of(app: App, generation: Generation) -> Engine:
    engine = app.engines.get(generation.model)
    if engine is None or engine.model_hash != generation.model_hash:
        text = translate("Operations", "What was sent is kept as numbers that only {model} can spell out.")
        hint = translate("Operations", "Choose this model and bring it into memory, then look again.")
        raise EngineError(text.format(model=generation.model), hint)
    return engine


def _titles(app: App, message_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(_title(app.store.message(one).text) for one in message_ids)


def _title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1] + "…"
