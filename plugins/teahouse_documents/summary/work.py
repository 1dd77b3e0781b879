"""Map–reduce: every part is summarised, the summaries are put together until one question holds them all."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.history import Entry
from teahouse.chat.question import wanted_model
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError
from teahouse.jobs import Cancel, Work
from teahouse.messages import ModelLoading, StreamEvent, TextDelta
from teahouse_documents.summary import parts as cutting
from teahouse_documents.summary import prompts
from teahouse_documents.summary.reading import Document, read_file
from teahouse_documents.summary.steps import Made, Part, Step
from teahouse_documents.values import DocumentsError

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")

CORE = Translator("teahouse")
CONTEXT = "engine.context"
STEADY = Sampling(temperature=0.0, repeat_penalty=1.1, seed=0)
PART_TOKENS, WHOLE_TOKENS = 320, 800
"""Of an answer, at most."""
THINKING = 3
"""A model that cannot but think first may write so many times as much."""

Steps = Generator[Step, None, Made]


def summarise_file(app: App, path: Path, *, model: str = "") -> Work:
    """Work that summarises a file; yields `Step`, returns `Made`.

    Raises:
        AppError: The file cannot be read, there is no model, or it wrote nothing.
    """

    def work(cancel: Cancel) -> Steps:
        document = yield from read_file(app, path, cancel)
        return (yield from summarise(app, document, cancel, model=model))

    return work


def summarise(app: App, document: Document, cancel: Cancel, *, model: str = "") -> Steps:
    """Summarise what was read."""
    return (yield from Summarising(app, document, cancel, wanted_model(app, name=model)).run())


@dataclass(slots=True)
class Summarising:
    """One summary on its way.

    Attributes:
        last: How the last answer was made; at the end that is the summary itself.
    """

    app: App
    document: Document
    cancel: Cancel
    model: str
    language: str = ""
    begun: float = field(default_factory=time.monotonic)
    last: Answered = field(default_factory=Answered)

    def run(self) -> Steps:
        """Part by part, then all."""
        self.language = prompts.language_of([piece.text for piece in self.document.pieces])
        engine = yield from self._open()
        most = cutting.room(engine.context_length, longest(engine, WHOLE_TOKENS))
        parts = cutting.cut(self.document.pieces, lambda texts: engine.count(texts, self.cancel), most=most)
        is_one = len(parts) == 1
        texts = [part.text for part in parts]
        if not is_one:
            parts = yield from self._each(engine, parts)
            texts = yield from self._joined(engine, [part.summary for part in parts if part.summary], most)
        asked = prompts.of_whole(texts, self.document.name, self.language, is_text=is_one)
        text = yield from self._ask(asked, longest(engine, WHOLE_TOKENS), Step("writing"))
        if not text and not self.cancel.is_set():
            raise _nothing(self.model)
        return self._made(text, parts)

    def _open(self) -> Generator[Step, None, Engine]:
        steps = self.app.engines.open(self.model, self.cancel)
        while True:
            try:
                event = next(steps)
            except StopIteration as stop:
                engine: Engine = stop.value
                return engine
            if isinstance(event, ModelLoading):
                yield Step("loading", round(100 * event.fraction))

    def _each(self, engine: Engine, parts: list[Part]) -> Generator[Step, None, list[Part]]:
        """The parts with their summaries; one of which the model says nothing stays without."""
        made: list[Part] = []
        begun = time.monotonic()
        for number, part in enumerate(parts, start=1):
            left = (time.monotonic() - begun) / len(made) * (len(parts) - len(made)) if made else None
            step = Step("parts", number - 1, len(parts), eta_s=left)
            asked = prompts.of_part(part, self.document.name, number, len(parts), self.language)
            text = yield from self._ask(asked, noted(engine), step)
            if self.cancel.is_set():
                return [*made, *parts[len(made) :]]
            made.append(replace(part, summary=text))
            yield replace(step, done=number, part=text)
        return made

    def _joined(self, engine: Engine, texts: list[str], most: int) -> Generator[Step, None, list[str]]:
        """Summaries few enough for one question."""
        while not self.cancel.is_set():
            if not texts:
                raise _nothing(self.model)
            counts = engine.count(texts, self.cancel)
            if sum(counts) <= most or len(texts) < 2:
                break
            groups, fewer = cutting.bundles(texts, counts, most=most), list[str]()
            for number, group in enumerate(groups):
                step = Step("joining", number, len(groups))
                asked = prompts.of_bundle(group, self.document.name, self.language)
                text = yield from self._ask(asked, noted(engine), step)
                fewer += [text] if text else []
            texts = fewer
        return texts

    def _ask(self, words: str, max_tokens: int, step: Step) -> Generator[Step, None, str]:
        """What the model writes; that of the whole is yielded as it comes.

        A model that has spent everything on its reasoning is asked once more, with more room for it.
        """
        for tokens in (max_tokens, max_tokens * THINKING):
            if self.cancel.is_set():
                return ""
            yield step
            self.last = Answered()
            question = Question(
                self.model,
                (Entry("user", words, is_trusted=False),),
                sampling=STEADY,
                max_tokens=tokens,
                has_reasoning=False,
            )
            try:
                for event in answer(self.app.engines, question, self.cancel, self.last):
                    if step.phase == "writing" and (text := _text(event)):
                        yield replace(step, text=text)
            except ContextError as error:
                raise self._too_long(error) from error
            if self.last.text.strip() or not self.last.reasoning:
                break
        return self.last.text.strip()

    def _too_long(self, error: ContextError) -> ContextError:
        """What the window's own words for a conversation would not tell: there is no message to shorten."""
        tokens, context = (error.data.get(name, 0) for name in ("prompt_tokens", "context"))
        labels = (one.label for one in self.app.settings.declared if one.key == CONTEXT)
        return ContextError(
            _(
                "A part of {name} takes {tokens} tokens with the question, and the model keeps {context} in"
                " view. Nothing was cut."
            ).format(name=self.document.name, tokens=f"{tokens:,}", context=f"{context:,}"),
            _("Raise “{setting}” in the settings, or take another model.").format(
                setting=CORE(next(labels, CONTEXT))
            ),
            **error.data,
        )

    def _made(self, text: str, parts: list[Part]) -> Made:
        return Made(
            self.document.name,
            self.document.path,
            self.model,
            self.language,
            text,
            tuple(parts),
            self.document.remarks,
            time.monotonic() - self.begun,
            is_cut=self.last.finish_reason == "length",
        )


def longest(engine: Engine, tokens: int) -> int:
    """Tokens that an answer may have: not more than a third of what the model keeps in view."""
    return min(tokens, engine.context_length // 3)


def noted(engine: Engine) -> int:
    """Tokens that what is noted of a part may have: two such notes fit into one question."""
    room = cutting.room(engine.context_length, longest(engine, WHOLE_TOKENS))
    return min(longest(engine, PART_TOKENS), room // 3)


def _text(event: StreamEvent | None) -> str:
    return event.text if isinstance(event, TextDelta) and event.kind == "text" else ""


def _nothing(model: str) -> DocumentsError:
    return DocumentsError(
        _("“{model}” wrote no summary.").format(model=model), _("Try it with another, larger model.")
    )
