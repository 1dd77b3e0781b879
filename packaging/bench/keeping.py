"""The store at full size: an import that is stopped and goes on, searches in what it brought, a long opening.

All in a home of its own, through the same doors as the window: a job, `Store.search`, the operation that
opens a conversation.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, cycle, islice, pairwise
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bench.ratio import Count, Times
from bench.texts import Said, Texts, Zipf, as_chatgpt
from teahouse.app import App
from teahouse.exchange import import_files
from teahouse.ids import new_id
from teahouse.jobs import Cancel, Job, JobProgress
from teahouse.messages import Conversation, Generation, Message, Part, Timings, Usage, WholeConversation
from teahouse.store import Store

SEARCH_LIMIT_MS, OPEN_LIMIT_MS, GAP_LIMIT_S = 50.0, 50.0, 1.0
MESSAGES = 10
"""Of each imported conversation."""

KEPT_EACH = 7
"""Every so manieth conversation has a folder, tags and a model, and a message with a thumb and a pin."""

Say = Callable[[str], None]


class Tracked:
    """An import as a job: when it said how far it is, and stopped where it is told."""

    def __init__(self, store: Store, file: Path, *, stop_after: int | None = None) -> None:
        self._stop_after = stop_after
        self._job = Job("import", import_files(store, [file]))
        self._stopped_at = 0.0
        self.heard: list[tuple[float, int]] = []
        self.begun = perf_counter()
        self.ended = self._job.run(self._hear)
        self.seconds = perf_counter() - self.begun
        if self.ended.error is not None:
            raise self.ended.error

    def _hear(self, event: object) -> None:
        if not isinstance(event, JobProgress):
            return
        self.heard.append((perf_counter(), event.value.done))
        if self._stop_after is not None and event.value.done >= self._stop_after and not self._stopped_at:
            self._stopped_at = perf_counter()
            self._job.cancel.set()

    @property
    def widest_gap_s(self) -> float:
        """The longest time without a word of progress, from the beginning to the end."""
        times = [self.begun, *(at for at, _done in self.heard), self.begun + self.seconds]
        return max(later - earlier for earlier, later in pairwise(times))

    @property
    def stopping_s(self) -> float:
        """From being told to stop to the end."""
        return self.begun + self.seconds - self._stopped_at


def measure(conversations: int, path_messages: int, searches: int, say: Say) -> list[Count | Times]:
    """Import so many conversations, search in them, open one so long."""
    texts = Texts()
    with _home() as home, _app() as app:
        results: list[Count | Times] = []
        results += _measure_import(app.store, home / "conversations.json", texts, conversations, say)
        _keep_order(app.store, say)
        results += _measure_searches(app.store, texts, conversations, searches, say)
        results += _measure_opening(app, texts, path_messages, searches, say)
        return results


# --- import -----------------------------------------------------------------------------------------


def _measure_import(
    store: Store, file: Path, texts: Texts, conversations: int, say: Say
) -> list[Count | Times]:
    say("writing an export …")
    size_bytes = _write_export(file, texts, conversations)
    say("importing it up to the middle …")
    first = Tracked(store, file, stop_after=conversations // 2)
    kept = len(store.conversations())
    halves = _count_halves(store, texts)
    say("importing the rest …")
    rest = Tracked(store, file)
    if kept + rest.ended.result.imported != conversations or rest.ended.result.known != kept:
        raise RuntimeError(f"{kept} kept, then {rest.ended.result}")
    halves_at_end = _count_halves(store, texts)
    new = conversations - kept
    begun = next((at for at, done in rest.heard if done), rest.begun)
    details = {
        "file_bytes": size_bytes,
        "messages": conversations * MESSAGES,
        "stopped_after": kept,
        "seconds_until_stopped": round(first.seconds, 2),
        "seconds_of_the_rest": round(rest.seconds, 2),
        "seconds_to_pass_over_what_is_known": round(begun - rest.begun, 2),
    }
    heard = {"events": len(first.heard) + len(rest.heard), "conversations": conversations}
    rate = kept / first.seconds
    return [
        Count(f"import, first half: conversations of {MESSAGES} messages a second", rate, None, details),
        Count("import, second half: conversations a second", new / (rest.seconds - (begun - rest.begun))),
        Count("import: longest time without progress, s", max(first.widest_gap_s, rest.widest_gap_s),
              GAP_LIMIT_S, heard),
        Count("import: conversations without an event of their own", _count_unheard([first, rest]), 0),
        Count("import stopped in the middle: time until it ended, s", first.stopping_s, GAP_LIMIT_S),
        Count("import stopped in the middle: conversations of which a part is missing", halves, 0,
              {"whole": kept}),
        Count("import taken up again: conversations that are missing, twice there, or not whole",
              halves_at_end + abs(conversations - len(store.conversations())), 0),
    ]  # fmt: skip


def _write_export(file: Path, texts: Texts, conversations: int) -> int:
    with file.open("w", encoding="utf-8") as stream:
        for number in range(conversations):
            said = texts.conversation(number, messages=MESSAGES)
            stream.write(",\n" if number else "[")
            json.dump(as_chatgpt(number, said), stream, ensure_ascii=False)
        stream.write("]")
    return file.stat().st_size


def _count_halves(store: Store, texts: Texts) -> int:
    """Conversations that are not, message for message, what was exported."""
    return sum(not _is_whole(store, found, texts) for found in store.conversations())


def _is_whole(store: Store, found: Conversation, texts: Texts) -> bool:
    said = texts.conversation(int(found.title.partition(":")[0]), messages=MESSAGES)
    path = store.visible_path(found.id)
    return [(one.role, one.text) for one in path] == [(one.role, one.text) for one in said]


def _count_unheard(imports: Sequence[Tracked]) -> int:
    heard = sum(len({done for _at, done in one.heard if done}) for one in imports)
    added = sum(one.heard[-1][1] for one in imports if one.heard)
    return added - heard


# --- search -----------------------------------------------------------------------------------------


def _keep_order(store: Store, say: Say) -> None:
    """Folders, tags, models, thumbs and pins, so that filters find something."""
    say("folders, tags and thumbs …")
    for number, found in enumerate(store.conversations()):
        if number % KEPT_EACH:
            continue
        folder, model = (("work", "qwen2.5"), ("home/tea", "gemma-3"))[number // KEPT_EACH % 2]
        store.change_conversation(found.id, folder=folder, model=model, tags=["tea", f"tag {number % 30}"])
        message = store.visible_path(found.id)[number // KEPT_EACH % MESSAGES]
        store.judge_message(message.id, thumb=1, note="good")
        store.pin_message(message.id, True)


def make_queries(texts: Texts, conversations: int, searches: int) -> dict[str, list[str]]:
    """By kind, as many queries as searches are made: of frequent words and of rare ones."""
    chance = Random(9)
    english, pairs, characters = (
        _spread(zipf, searches) for zipf in (texts.english, texts.pairs, texts.characters)
    )
    word, pair = texts.english.words[300], texts.pairs.words[100]
    filters = [
        f"{pair} in:work", "的 in:home", f"{word} tag:tea", "tag:tea", "the has:thumb", "has:thumb",
        "the model:qwen", f"role:user {pair}", "是 role:assistant", "的 date:2023-12", "date:>2024-06 the",
        "is:pinned", f"{word} -the", "的 -是", "in:nowhere 的", f"-in:work {texts.pairs.words[0]}",
    ]  # fmt: skip
    return {
        "one English word": english,
        "several English words": [" ".join(chance.sample(english, 3)) for _ in range(searches)],
        "an English phrase": _phrases(texts, chance, conversations, searches, is_chinese=False),
        "two Chinese characters": pairs,
        "a Chinese phrase of four characters": _phrases(
            texts, chance, conversations, searches, is_chinese=True
        ),
        "的": ["的"] * searches,
        "是": ["是"] * searches,
        "one Chinese character of any frequency": characters,
        "filters, with words and without": list(islice(cycle(filters), searches)),
    }


def _spread(zipf: Zipf, searches: int) -> list[str]:
    """Words of every frequency: their ranks lie evenly on a logarithmic scale."""
    last = len(zipf.words) - 1
    return [zipf.words[round(last ** (place / max(searches - 1, 1)))] for place in range(searches)]


def _phrases(
    texts: Texts, chance: Random, conversations: int, searches: int, *, is_chinese: bool
) -> list[str]:
    """Two English words or four Chinese characters that do stand somewhere."""
    found: list[str] = []
    for number in count():
        if len(found) == searches:
            return found
        at = chance.randrange(max(conversations // 2, 1)) * 2 + (not is_chinese)
        text = texts.conversation(at, messages=2)[number % 2].text
        pieces = text.replace("。", " ").replace("，", " ").split() if is_chinese else text.split()
        if is_chinese:
            found += [piece[:4] for piece in pieces if len(piece) >= 4][:1]
        elif len(pieces) > 3:
            first = chance.randrange(len(pieces) - 1)
            found.append('"{}"'.format(" ".join(pieces[first : first + 2])))
    return found


def _measure_searches(
    store: Store, texts: Texts, conversations: int, searches: int, say: Say
) -> list[Count | Times]:
    messages = conversations * MESSAGES
    results: list[Count | Times] = []
    for kind, queries in make_queries(texts, conversations, searches).items():
        say(f"searching: {kind} …")
        store.search(queries[0])
        times, hits = [], 0
        for query in queries:
            begun = perf_counter()
            found = store.search(query)
            times.append((perf_counter() - begun) * 1000)
            hits += len(found)
        details = {
            "hits": hits,
            "queries": len(set(queries)),
            "examples": queries[:: max(searches // 8, 1)],
        }
        results.append(Times(f"search in {messages:,} messages, {kind}", times, SEARCH_LIMIT_MS, details))
    return results


# --- opening ----------------------------------------------------------------------------------------


def _measure_opening(app: App, texts: Texts, messages: int, times: int, say: Say) -> list[Count | Times]:
    from teahouse_desktop.chat.opening import FIRST, open_conversation

    say(f"opening {messages} messages …")
    made = app.store.add_whole(_long_conversation(texts, messages))

    def read() -> object:
        return app.store.visible_path(made.id)

    def read_for_opening() -> object:
        facts, path = app.store.conversation(made.id), app.store.visible_path(made.id)
        ids = [message.id for message in path[-FIRST:]]
        return facts, path, app.store.generations(ids), app.store.siblings_of(ids)

    def open_first() -> object:
        return next(open_conversation(app=app, conversation_id=made.id).work(Cancel()))

    if len(app.store.visible_path(made.id)) != messages:
        raise RuntimeError("the path is not whole")
    title = f"opening a conversation of {messages:,} messages"
    return [
        Times(f"{title}: reading its messages", _repeat(read, times), OPEN_LIMIT_MS),
        Times(
            f"{title}: all that is read before it is shown", _repeat(read_for_opening, times), OPEN_LIMIT_MS
        ),
        Times(f"{title}: until the window has it", _repeat(open_first, times)),
    ]


def _long_conversation(texts: Texts, messages: int) -> WholeConversation:
    """One path of questions and answers, each answer with what was stored when it was made."""
    said = texts.conversation(1_000_000, messages=messages)
    conversation_id, ids = new_id(), [new_id() for _ in said]
    rows = tuple(_message(one, conversation_id, ids, place) for place, one in enumerate(said))
    generations = tuple(_generation(message.id) for message in rows if message.role == "assistant")
    first, last = said[0].created_s * 1000, said[-1].created_s * 1000
    return WholeConversation(
        Conversation(conversation_id, "Long", first, last, leaf_id=ids[-1]), rows, generations, {}
    )


def _message(one: Said, conversation_id: str, ids: list[str], place: int) -> Message:
    parent = ids[place - 1] if place else None
    role: Any = one.role
    return Message(
        ids[place], conversation_id, parent, role, "complete", one.created_s * 1000, (Part("text", one.text),)
    )


def _generation(message_id: str) -> Generation:
    return Generation(
        message_id=message_id,
        model="qwen2.5-coder-0.5b-instruct-q4_k_m",
        model_hash="ab" * 32,
        ids=tuple(range(100)),
        prompt_ids=(),
        adapters=(),
        sampling={"temperature": 0.7, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "repeat_penalty": 1.1},
        seed=7,
        usage=Usage(1000, 900, 100),
        timings=Timings(0.5, 0.1, 200.0, 20.0),
        finish_reason="stop",
        engine={"threads": 2, "context": 4096, "batch": 512},
    )


# --- around -----------------------------------------------------------------------------------------


def _repeat(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of so many calls, after one that is not counted.

    To give up what a call has returned is no part of it: the window keeps what it shows.
    """
    kept, found = [call()], []
    for _number in range(times):
        kept.clear()
        begun = perf_counter()
        kept.append(call())
        found.append((perf_counter() - begun) * 1000)
    return found


@contextmanager
def _home() -> Iterator[Path]:
    """A home that is gone afterwards."""
    before = os.environ.get("TEAHOUSE_HOME")
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder:
        os.environ["TEAHOUSE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("TEAHOUSE_HOME")
            if before is not None:
                os.environ["TEAHOUSE_HOME"] = before


@contextmanager
def _app() -> Iterator[App]:
    app = App.open()
    try:
        yield app
    finally:
        app.close()
