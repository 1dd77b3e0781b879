"""What the documents of a conversation have for its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from teahouse.errors import AppError
from teahouse.passages import Context, Passage
from teahouse_documents.retrieval import asking, phrasing
from teahouse_documents.retrieval.chosen import ANYTHING, Chosen, chosen
from teahouse_documents.retrieval.fitting import Verdict, judge
from teahouse_documents.retrieval.focusing import closest, terms_of
from teahouse_documents.retrieval.follow_up import needs_earlier, with_earlier
from teahouse_documents.retrieval.mentions import Scope, beginnings, judged, mentioned, scope_of
from teahouse_documents.retrieval.merging import distinct, merged, places
from teahouse_documents.values import Filters, Found

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation
    from teahouse_documents.library import Library

CANDIDATES = 10
EXCERPT = 200
"""Characters of each candidate that are stored with the reply; what is sent is stored whole."""
K = 10
"""Of reciprocal rank fusion over several wordings; as in `search.fusion`."""


def retrieve(app: App, library: Library, query: str, conversation: Conversation) -> Context | None:
    """The passages that answer a question; None where it names nothing and no collection was chosen for it.

    What goes wrong is told as the notice: the question is answered all the same, and marked.
    """
    wanted = chosen(app, conversation)
    language = phrasing.language_of(query)
    try:
        named = mentioned(library, query)
        if not wanted.names and not named.spans:
            return None
        scope = scope_of(wanted, named, [one.name for one in library.collections()])
        if scope.is_empty and not scope.gone:
            return None  # all collections, and there is none yet
        if scope.is_empty:
            reason = phrasing.GONE[language].format(names=phrasing.listed(scope.gone, language))
            return Context((), phrasing.FAILED[language].format(reason=reason), {"gone": list(scope.gone)})
        words = named.without(query)
        searched = words if named.spans else searched_words(app, words, conversation, wanted)
        found, wordings = search(
            app, library, searched, scope.names, judged(wanted, scope), conversation.model, scope.filters
        )
        if scope.is_named and not found.hits:
            found = replace(found, hits=tuple(beginnings(library, scope.paths)))
    except AppError as error:
        return Context((), phrasing.FAILED[language].format(reason=error.text), {"problem": str(error)})
    wanted = judged(wanted, scope)
    verdict = judge(fit_of(found, searched), phrasing.language_of(searched))
    trace = _trace(found, searched, wordings, scope, verdict, has_gate=wanted.needs_fit)
    if not found.hits or (wanted.needs_fit and not verdict.is_fitting):
        return Context((), nothing_fits(scope, language), trace)
    passages = chosen_passages(found, wanted.passages)
    if wanted.is_small:
        passages = focused(passages, found)
    trace["ranks"] = _ranks(found)
    gone = phrasing.listed(scope.gone, language)
    missing = phrasing.GONE[language].format(names=gone) if gone else ""
    instruction = phrasing.instruction_for(len(passages), names_sources=not wanted.is_small)
    return Context(tuple(passages), missing, trace, instruction[language])


def nothing_fits(scope: Scope, language: str) -> str:
    """That nothing of what was searched fits, in the language of the question."""
    where = phrasing.listed(scope.said, language)
    is_filtered = scope.filters != Filters(file_ids=scope.filters.file_ids)
    if is_filtered:
        where += phrasing.FILTERED[language]
    return phrasing.NOTHING[language].format(collections=where)


def searched_words(app: App, query: str, conversation: Conversation, wanted: Chosen) -> str:
    """What is searched for a question: with the words of those before it, where it needs them."""
    if wanted.rewrite == "off" or not needs_earlier(query):
        return query
    earlier = earlier_questions(app, conversation)
    if not earlier:
        return query
    if wanted.rewrite == "model" and (
        alone := asking.standing_alone(app, conversation.model, query, earlier)
    ):
        return alone
    return with_earlier(query, earlier)


def earlier_questions(app: App, conversation: Conversation) -> list[str]:
    """What the person has asked before the last question, oldest first."""
    path = app.store.path_to(conversation.leaf_id) if conversation.leaf_id else []
    return [message.text for message in path[:-1] if message.role == "user" and message.text.strip()]


def search(
    app: App,
    library: Library,
    words: str,
    names: Sequence[str],
    wanted: Chosen,
    model: str,
    filters: Filters = ANYTHING,
) -> tuple[Found, list[str]]:
    """(What was found, other wordings that were searched as well)."""
    look = partial(library.search, collections=names, filters=filters, limit=CANDIDATES)
    found = look(words, has_second_look=True)
    others = asking.other_wordings(app, model, words, wanted.wordings) if wanted.wordings else []
    if not others:
        return found, []
    more = [look(one) for one in others]
    return replace(found, hits=tuple(fused([found.hits, *(one.hits for one in more)]))), others


def fused(lists: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Several lists in one, by reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""
    scores: dict[int | None, float] = {}
    kept: dict[int | None, Passage] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, start=1):
            scores[hit.id] = scores.get(hit.id, 0.0) + 1 / (K + rank)
            kept.setdefault(hit.id, hit)
    return [kept[one] for one in sorted(scores, key=lambda one: -scores[one])]


def chosen_passages(found: Found, most: int) -> list[Passage]:
    """What is sent, best first: without what says the same twice, neighbours in one."""
    hits = distinct(found.hits)[:most]
    return merged(hits, places(found.trace))


def focused(passages: Sequence[Passage], found: Found) -> list[Passage]:
    """With the sentence of each that is nearest to the question."""
    terms = terms_of(found.trace)
    return [replace(one, focus=closest(one.text, terms)) if one.kind == "text" else one for one in passages]


def fit_of(found: Found, searched: str) -> dict[str, Any]:
    """How well the best passages fit; not a word in common tells something only within one language."""
    fit = dict(found.trace.get("fit") or {})
    is_foreign = bool(found.hits) and fit.get("has_words") is False
    if is_foreign and phrasing.language_of(found.hits[0].text) == phrasing.language_of(searched):
        fit |= {"has_words": True, "share": 0.0}
    return fit


def _trace(
    found: Found,
    searched: str,
    wordings: Sequence[str],
    scope: Scope,
    verdict: Verdict,
    *,
    has_gate: bool,
) -> dict[str, Any]:
    return {
        "searched": searched,
        "wordings": list(wordings),
        "collections": list(scope.names),
        "gone": list(scope.gone),
        "said": list(scope.said),
        "is_named": scope.is_named,
        "filters": scope.filters.as_json(),
        "gate": {**verdict.as_json(), "is_on": has_gate},
        "search": found.trace,
        "hits": [{**hit.as_json(), "text": hit.text[:EXCERPT]} for hit in found.hits],
    }


def _ranks(found: Found) -> dict[str, Any]:
    """By the id of each passage its ranks and scores."""
    told = found.trace.get("passages")
    keys = ("words", "vectors", "again", "score", "fused", "second", "rerank")
    return {str(one["id"]): {key: one.get(key) for key in keys} for one in told or ()}
