"""`teahouse docs ask`, `summarise` and `eval`: answers from documents, and how well they are found."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.chat.answer import Answered, answer
from teahouse.chat.history import Entry
from teahouse.chat.question import TurnRequest, question_of, wanted_model
from teahouse.chat.sources import gather, passages_of, review
from teahouse.jobs import Cancel
from teahouse.messages import Conversation, Message, ModelLoading, Part, PromptRead, Searching
from teahouse_documents import needs
from teahouse_documents.cli.asked import find_collection
from teahouse_documents.settings import COLLECTIONS, FOLDER, SINCE, TYPES

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Work
    from teahouse.setting import Value

_ = Translator("teahouse_documents")

Values = Mapping[str, "Value"]
Steps = Generator[object, None, dict[str, Any]]


def ask(app: App, params: Values) -> Work:
    """An answer from the documents; nothing is stored.

    Returns:
        `reply`, `model`, `notice`, `citations` (see `retrieval.citations`), `passages` as they are stored
        with a reply, and `searched`: the trace of the search.
    """

    def work(cancel: Cancel) -> Steps:
        needs.check()
        from teahouse_documents.library import Library

        words, named = str(params["docs.query"]), str(params["docs.collection"])
        names = find_collection(Library.of(app), named).name if named else "*"
        model = wanted_model(app, name=str(params["docs.model"]))
        filters = {FOLDER: params["docs.folder"], TYPES: params["docs.types"], SINCE: params["docs.since"]}
        own: dict[str, Any] = {COLLECTIONS: f"{names}\n", **{key: one for key, one in filters.items() if one}}
        conversation = Conversation("", "", 0, 0, model=model, settings=own)
        yield _("Searching …")
        sources = yield from gather(app, words, conversation, cancel, "")
        asked = question_of(app, conversation, TurnRequest(""), history=[Entry("user", words)])
        done = Answered()
        for event in answer(app.engines, replace(asked, sources=sources), cancel, done):
            if text := _progress(event):
                yield text
        parts = (Part("text", done.text), *([sources.as_part(done.sent)] if sources else []))
        reply = Message("", "", None, "assistant", "complete", 0, parts)
        added = review(app, conversation, words, reply) if done.text else []
        told = next((part.data for part in added if part.kind == "citations"), "{}")
        return {
            "reply": next((part.data for part in added if part.kind == "text"), done.text),
            "model": model,
            "notice": sources.notice if sources else "",
            "citations": json.loads(told),
            "passages": passages_of(reply),
            "searched": [context.trace for _plugin, context in sources.found] if sources else [],
        }

    return work


def summarise(app: App, params: Values) -> Work:
    """A whole document in a few words; nothing is stored.

    Returns:
        As `summary.Made.as_json` has it.
    """

    def work(cancel: Cancel) -> Generator[object, None, dict[str, Any]]:
        needs.check()
        from teahouse_documents.summary import summarise_file

        steps = summarise_file(app, Path(str(params["docs.file"])), model=str(params["docs.model"]))(cancel)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                made: dict[str, Any] = stop.value.as_json()
                return made
            if not step.text:
                yield step.words

    return work


def evaluate(app: App, params: Values) -> Work:
    """How well the questions of a file find what answers them."""

    def work(cancel: Cancel) -> Generator[object, None, dict[str, Any]]:
        needs.check()
        from teahouse_documents.evaluation import evaluate as measure

        corpus = str(params["docs.corpus"])
        measured = measure(app, Path(str(params["docs.questions"])), Path(corpus) if corpus else None)
        result: dict[str, Any] = yield from measured(cancel)
        return {name: value for name, value in result.items() if name != "asked"}

    return work


def _progress(event: object) -> str:
    if isinstance(event, ModelLoading):
        return _("Loading the model … {percent} %").format(percent=round(100 * event.fraction))
    if isinstance(event, PromptRead):
        return _("Reading … {done} of {total} tokens").format(done=event.done, total=event.total)
    return _("Searching …") if isinstance(event, Searching) else ""


# --- in words -----------------------------------------------------------------------------------------


def answered(result: dict[str, Any]) -> str:
    """The notice, the answer, and what it was made from."""
    from teahouse.passages import Passage
    from teahouse_documents import phrases

    sent = [one for one in result["passages"] if one["is_sent"]]
    lines = [result["notice"], result["reply"].strip()]
    lines += ["\n".join(f"[{one['number']}] {phrases.place_of(Passage.from_json(one))}" for one in sent)]
    if gone := result["citations"].get("removed"):
        numbers = ", ".join(f"[{one['number']}]" for one in gone)
        lines.append(_("Removed, as no such source was given: {numbers}").format(numbers=numbers))
    return "\n\n".join(line for line in lines if line)


def summarised(result: dict[str, Any]) -> str:
    """The summary, and what was read for it."""
    from teahouse_documents.summary.steps import told_of

    return "\n\n".join(line for line in (result["summary"], told_of(result)) if line)


def measured(result: dict[str, Any]) -> str:
    """Recall in percent, by each method."""
    names = {
        "words": _("words"),
        "vectors": _("meaning"),
        "fused": _("both"),
        "second": _("with a second look"),
        "rerank": _("with the reranker"),
    }
    head = _("{questions} questions, {passages} paragraphs, {seconds} s")
    lines = [head.format(**{name: result[name] for name in ("questions", "passages", "seconds")})]
    keys = ("recall@1", "recall@5", "recall@10", "mrr@10")
    for method, found in result["methods"].items():
        told = "  ".join(f"{key} {100 * found[key]:.1f} %" for key in keys)
        lines.append(f"{names.get(method, method)}: {told}")
    return "\n".join(lines)
