"""What the commands of the terminal return, in words, and what was found as JSON."""

from __future__ import annotations

from typing import Any

from teahouse import Translator
from teahouse.cli.console import size_text
from teahouse.passages import Passage
from teahouse_documents import phrases
from teahouse_documents.values import Collection, Found, Problem, Purged, Source, Status

_ = Translator("teahouse_documents")

Result = dict[str, Any]
SHOWN = 300
"""Characters of a passage in the terminal; JSON has all."""


def hits_as_json(found: Found) -> list[dict[str, Any]]:
    """Each hit with its place in words and its ranks by words and by meaning."""
    return [
        {**hit.as_json(), "place_text": hit.place.words(), "ranks": phrases.ranks_of(found, hit)}
        for hit in found.hits
    ]


def added(result: Result) -> str:
    """What was added, and how far it is."""
    if result["source"] is None:
        return _("Another process of Teahouse keeps the index; it was asked to do this.")
    source = Source.from_json(result["source"])
    return "\n".join([f"{source.path}: {phrases.source_state(source)}", *_notes(result)])


def removed(result: Result) -> str:
    """What was removed."""
    path = Source.from_json(result["removed"]).path
    return _("{path} is no longer among the documents. The files themselves stay.").format(path=path)


def purged(result: Result) -> str:
    """What is gone, and where its text still stands."""
    return phrases.purged_in_words(Purged.from_json(result["purged"]))


def listed_(result: Result) -> str:
    """Collections with their sources."""
    lines = []
    for value in result["collections"]:
        collection = Collection.from_json(value)
        facts = [phrases.files_in_words(collection.files), phrases.passages_in_words(collection.chunks)]
        lines.append(f"{collection.name}: {phrases.in_a_row(facts)}")
        for source in collection.sources:
            lines.append(f"  {source.id}  {source.path}: {phrases.source_state(source)}")
    return "\n".join(lines) or _("There are no documents yet. Add a folder: teahouse docs add FOLDER")


def status(result: Result) -> str:
    """How far everything is."""
    held = Status.from_json(result["status"])
    lines = [phrases.activity(held)] if phrases.activity(held) else []
    if held.files:
        lines.append(phrases.totals(held))
    else:
        lines.append(_("There are no documents yet. Add a folder: teahouse docs add FOLDER"))
    if held.bytes_on_disk:
        lines.append(_("The index takes {size}.").format(size=size_text(held.bytes_on_disk)))
    return "\n".join([*lines, *_notes(result)])


def reindexed(result: Result) -> str:
    """How many files are read anew, and how far everything is."""
    count = phrases.files_in_words(result["reindexed"])
    return "\n".join([_("Read anew: {files}.").format(files=count), status(result)])


def problems(result: Result) -> str:
    """Each with its reason."""
    lines = []
    for value in result["problems"]:
        problem = Problem.from_json(value)
        subject = problem.path or phrases.problem_subject(problem)
        lines += [f"{subject}", f"  {problem.text}", *([f"  {problem.hint}"] if problem.hint else [])]
    count, told = result["count"], len(result["problems"])
    if count > told:
        lines.append(phrases.shown_problems_in_words(told, count))
    return "\n".join(lines) or _("No problems.")


def found(result: Result) -> str:
    """The hits: place, how they were found, text."""
    whole = Found(tuple(Passage.from_json(hit) for hit in result["hits"]), result["trace"])
    lines = []
    for number, hit in enumerate(whole.hits, 1):
        text = " ".join(hit.text.split())
        where = f"{hit.path}, {hit.place.words()}" if hit.place.words() else hit.path
        lines += [
            f"{number}. {where}",
            f"   {phrases.ranks_in_words(whole, hit)}",
            f"   {text[:SHOWN]}{' …' if len(text) > SHOWN else ''}",
        ]
    if not whole.trace:
        return _("There are no documents yet. Add a folder: teahouse docs add FOLDER")
    if not lines:
        lines = [_("Nothing was found. Try other words, or the words of the document itself.")]
    return "\n".join([*lines, *([str(problem)] if (problem := whole.trace.get("problem")) else [])])


def _notes(result: Result) -> list[str]:
    """What people should know besides."""
    held, missing = Status.from_json(result["status"]), result["missing_embedder"]
    notes = phrases.remarks(held)
    if held.problems:
        told = phrases.problems_in_words(held.problems)
        notes.append(_("{problems}; the reasons: teahouse docs problems").format(problems=told))
    if missing:
        text = _(
            "Passages are found by their words only. To find them by meaning, too, fetch {name} once "
            "({size}): teahouse models get {key}"
        )
        size = size_text(missing["size_bytes"])
        notes.append(text.format(name=missing["name"], size=size, key=missing["key"]))
    return notes
