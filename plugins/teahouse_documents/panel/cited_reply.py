"""What is stored of the search for one reply, as the panel shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.chat.sources import passages_of, read_sources, stored
from teahouse.language import listed
from teahouse.messages import Message
from teahouse.passages import Passage
from teahouse_documents import phrases
from teahouse_documents.panel.cited import PLUGIN

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found, sent or not.

    Attributes:
        number: By which the answer names it; 0 where it has none.
        ranks: By method: `{"rank", "score"}`, or the score alone.
    """

    passage: Passage
    number: int = 0
    is_sent: bool = False
    ranks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CitedReply:
    """The search for a reply.

    Attributes:
        query: The person's words.
        trace: What was searched and how (see `retrieval.retriever`).
        candidates: Those that have numbers first, then what else was near.
        sent: The question as it was sent, with its sources.
    """

    message_id: str
    query: str = ""
    notice: str = ""
    trace: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    sent: str = ""

    def find(self, number: int) -> Candidate | None:
        """The source of that number."""
        return next((one for one in self.candidates if one.number == number and number), None)

    @property
    def sources(self) -> list[Candidate]:
        """Those that were sent."""
        return [one for one in self.candidates if one.is_sent]


def is_from_documents(message: Message) -> bool:
    """Whether documents were searched for a message; quick."""
    return any(part.kind == "passages" and PLUGIN in part.source.split(", ") for part in message.parts)


def read_reply(app: App, message_id: str) -> CitedReply:
    """Read what is stored with a reply."""
    message = app.store.message(message_id)
    told = stored(message)
    searched = told.get("searched")
    ours = [one for one in (searched if isinstance(searched, list) else ()) if _is_ours(one)]
    trace = ours[0].get("trace") if ours else None
    known = read_sources(message)
    sources, count = known if known else (None, 0)
    return CitedReply(
        message_id,
        str(told.get("query") or ""),
        str(ours[0].get("notice") or "") if ours else "",
        trace if isinstance(trace, dict) else {},
        _candidates(message, trace if isinstance(trace, dict) else {}),
        sources.before(sources.query, count) if sources is not None and count else "",
    )


def _is_ours(one: object) -> bool:
    return isinstance(one, dict) and one.get("plugin") == PLUGIN


def _candidates(message: Message, trace: Mapping[str, Any]) -> tuple[Candidate, ...]:
    ranks = _ranks(trace)
    numbered = [
        Candidate(
            Passage.from_json(one),
            one["number"],
            one.get("is_sent") is True,
            ranks.get(one.get("id")) or _mapping(one.get("ranks")),
        )
        for one in passages_of(message)
        if one.get("plugin") == PLUGIN
    ]
    texts = "\n".join(one.passage.text for one in numbered)
    hits = trace.get("hits")
    others = [Passage.from_json(one) for one in (hits if isinstance(hits, list) else ()) if _mapping(one)]
    rest = [Candidate(one, ranks=ranks.get(one.id, {})) for one in others if one.text not in texts]
    return (*numbered, *rest)


def _ranks(trace: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    """By the id of each passage how it was found."""
    search = _mapping(trace.get("search"))
    told, left = search.get("passages"), () if _is_by_meaning(search) else ("vectors",)
    known = (_mapping(one) for one in (told if isinstance(told, list) else ()))
    return {one.get("id"): {key: one[key] for key in one if key not in left} for one in known if one}


def _is_by_meaning(search: Mapping[str, Any]) -> bool:
    """Without an embedding model nothing is searched by meaning, and nothing is to be told of it."""
    return _mapping(_mapping(search.get("lists")).get("vectors")).get("by") != ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


# --- in words -----------------------------------------------------------------------------------------


def searched_in_words(reply: CitedReply) -> list[str]:
    """What was searched, and whether anything of it is close enough, a sentence each."""
    trace = reply.trace
    told = [_("Question: {words}").format(words=reply.query)] if reply.query else []
    words = str(trace.get("searched") or "")
    if words and words != reply.query:
        told.append(_("Searched for: {words}").format(words=words))
    wordings = trace.get("wordings")
    told += [_("Also searched: {words}").format(words=one) for one in wordings or () if isinstance(one, str)]
    if names := [str(one) for one in trace.get("said") or trace.get("collections") or ()]:
        told.append(_("In: {names}").format(names=listed(names)))
    if filters := _filters(_mapping(trace.get("filters"))):
        told.append(_("Only: {facts}").format(facts=phrases.in_a_row(filters)))
    told += _lists(_mapping(trace.get("search")))
    told += _gate(_mapping(trace.get("gate")))
    if reply.notice:
        told.append(reply.notice)
    return told


def _filters(told: Mapping[str, Any]) -> list[str]:
    """By what the files were chosen."""
    folder, types, since_ms = told.get("path_part"), told.get("suffixes"), told.get("since_ms")
    facts = [folder if isinstance(folder, str) else ""]
    facts.append(listed(str(one) for one in types) if isinstance(types, (list, tuple)) else "")
    if isinstance(since_ms, (int, float)) and since_ms > 0:
        day = datetime.fromtimestamp(since_ms / 1000).date()
        facts.append(_("changed since {day}").format(day=day.isoformat()))
    return [fact for fact in facts if fact]


def _lists(search: Mapping[str, Any]) -> list[str]:
    lists, facts = _mapping(search.get("lists")), []
    for name, text in (("words", _("{count} by words")), ("vectors", _("{count} by meaning"))):
        count = _mapping(lists.get(name)).get("found")
        if isinstance(count, int) and (name == "words" or _is_by_meaning(search)):
            facts.append(text.format(count=count))
    took = search.get("ms")
    facts += [_("{count} ms").format(count=round(took))] if isinstance(took, (int, float)) else []
    told = [_("Candidates: {facts}").format(facts=phrases.in_a_row(facts))] if facts else []
    return [*told, str(search["problem"])] if search.get("problem") else told


def _gate(gate: Mapping[str, Any]) -> list[str]:
    score, limit = gate.get("score"), gate.get("limit")
    if not isinstance(score, (int, float)) or not isinstance(limit, (int, float)):
        return []
    text = _("Close enough to the question: the best passages score {score}, and {limit} is enough.")
    if gate.get("is_fitting") is not True:
        text = _("Nothing is close enough to the question: the best score {score}, and it takes {limit}.")
    told = [text.format(score=_number(score), limit=_number(limit))]
    if gate.get("is_on") is False:
        told.append(_("The best were sent all the same, as the settings say."))
    return told


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def ranks_in_words(candidate: Candidate) -> str:
    """How a passage was found: `words: no. 1 (12.4) · meaning: no. 2 (0.83) · …`."""
    ranks, facts = candidate.ranks, []
    for name, label, none in (
        ("words", _("words: no. {rank} ({score})"), _("words: not found")),
        ("vectors", _("meaning: no. {rank} ({score})"), _("meaning: not found")),
        ("fused", _("both: no. {rank} ({score})"), ""),
        ("second", _("second look: no. {rank} ({score})"), ""),
        ("rerank", _("reranker: no. {rank} ({score})"), ""),
    ):
        one = _mapping(ranks.get(name))
        score = one.get("score")
        if one and isinstance(score, (int, float)):
            facts.append(label.format(rank=one.get("rank"), score=f"{score:.3g}"))
        elif name in ranks and none:
            facts.append(none)
    if not _mapping(ranks.get("second")) and isinstance(ranks.get("again"), (int, float)):
        facts.append(_("second look: {score}").format(score=f"{ranks['again']:.3g}"))
    return phrases.in_a_row(fact.replace(" ", "\u00a0") for fact in facts)
