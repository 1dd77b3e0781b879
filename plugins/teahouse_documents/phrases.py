"""What window and terminal say of the library, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from teahouse import Translator
from teahouse.language import listed, sentences
from teahouse.passages import Passage
from teahouse_documents.values import Found, Problem, Purged, Source, Status

_ = Translator("teahouse_documents")

CONVERSATION = "conversation:"
"""Before the id, in the path of what a past conversation says."""

BETWEEN = "\u00a0· "
"""A line never begins with the dot."""

MINUTE_S, HOUR_S = 60, 3600


def in_a_row(parts: Iterable[str]) -> str:
    """Facts in one line; empty ones are left out."""
    return BETWEEN.join(part for part in parts if part)


def files_in_words(count: int) -> str:
    """`1 file`, `1,234 files`."""
    return _("1 file") if count == 1 else _("{count} files").format(count=f"{count:,}")


def passages_in_words(count: int) -> str:
    """`1 passage`, `1,234 passages`."""
    return _("1 passage") if count == 1 else _("{count} passages").format(count=f"{count:,}")


def problems_in_words(count: int) -> str:
    """`1 problem`, `12 problems`."""
    return _("1 problem") if count == 1 else _("{count} problems").format(count=f"{count:,}")


def shown_problems_in_words(shown: int, count: int) -> str:
    """How many there are, and where not all are told how many are: `The first 500 of 2,000 problems`."""
    if not max(shown, count):
        return _("No problems.")
    if shown >= count:
        return problems_in_words(shown)
    return _("The first {shown} of {count} problems").format(shown=f"{shown:,}", count=f"{count:,}")


def left_in_words(eta_s: float | None) -> str:
    """`about 3 minutes left`; empty where nobody can know."""
    if eta_s is None:
        return ""
    if eta_s < MINUTE_S:
        return _("less than a minute left")
    if eta_s < 90 * MINUTE_S:
        minutes = max(1, round(eta_s / MINUTE_S))
        return (
            _("about a minute left")
            if minutes == 1
            else _("about {count} minutes left").format(count=minutes)
        )
    return _("about {count} hours left").format(count=round(eta_s / HOUR_S))


def name_of(path: str) -> str:
    """The last part of a path: what people call it."""
    return PurePath(path).name or path


def source_in_words(source: Source) -> str:
    """What a source is called."""
    return _("Past conversations") if source.kind == "conversations" else name_of(source.path)


def source_state(source: Source) -> str:
    """What is known of a source, in one line."""
    if source.state == "missing":
        return source.reason or _("It is not there at the moment; what was read of it is kept.")
    if source.state == "unreadable":
        return source.reason or _("It cannot be read; what was read of it before is kept.")
    if source.state == "new":
        return _("It is looked through next.")
    waiting = source.files - source.done - source.failed
    facts = [_counted(source)] if source.kind != "file" or source.failed or waiting else [_("Read.")]
    if source.kind == "file" and waiting > 0:
        facts = [_("It waits to be read.")]
    elif waiting > 0:
        facts.append(_("{count} wait").format(count=f"{waiting:,}"))
    if source.failed:
        facts.append(_("{count} not read").format(count=f"{source.failed:,}"))
    return in_a_row(facts)


def _counted(source: Source) -> str:
    if source.kind == "conversations":
        one, many = _("1 conversation"), _("{count} conversations")
        return one if source.files == 1 else many.format(count=f"{source.files:,}")
    return files_in_words(source.files)


def activity(status: Status) -> str:
    """What is being done now, in one line; empty where nothing is."""
    ended = status.files - status.waiting
    far = _("{done} of {total} files").format(done=f"{ended:,}", total=f"{status.files:,}")
    if status.is_paused or status.activity == "paused":
        wait = _("{count} files wait.").format(count=f"{status.waiting:,}") if status.waiting else ""
        return sentences(_("Paused."), wait)
    if status.is_yielding:
        return sentences(_("Waits while a reply is being written."), far)
    if status.activity == "scanning":
        return _("Looking through the folders …")
    if status.activity in ("reading", "embedding") or status.waiting:
        return in_a_row((far, left_in_words(status.eta_s)))
    return ""


def totals(status: Status) -> str:
    """What can be searched."""
    text = _("{passages} from {files}")
    return text.format(passages=passages_in_words(status.chunks), files=files_in_words(status.done))


def remarks(status: Status) -> list[str]:
    """What people should know of how the library stands now, besides its problems."""
    told = []
    if not status.is_owner:
        text = _("Another window of Teahouse keeps the index. This one searches it and hands changes over.")
        told.append(text)
    if status.is_read_only:
        text = _("The index was written by a newer version. It is searched, and nothing in it is changed.")
        told.append(text)
    if status.building:
        text = _("A new index for {name} is being built. The old one answers until it is complete.")
        told.append(text.format(name=status.building))
    return told


def problem_subject(problem: Problem) -> str:
    """What a problem is about."""
    if problem.kind == "index":
        return _("The index")
    if problem.kind == "embedder":
        return _("The embedding model")
    if problem.kind == "reranker":
        return _("The reranker")
    return name_of(problem.path)


def place_of(hit: Passage) -> str:
    """File and place of a passage: `handbook.pdf, page 3`."""
    where = hit.place.words()
    return listed([title_of(hit), where]) if where else title_of(hit)


def title_of(hit: Passage) -> str:
    """What people call the file of a passage."""
    return _("A past conversation") if hit.path.startswith(CONVERSATION) else name_of(hit.path)


def ranks_of(found: Found, hit: Passage) -> dict[str, Any]:
    """By which lists it was found: `{"words": {"rank", "score"}, "vectors": …}`; None for not at all."""
    passages = found.trace.get("passages")
    for one in passages if isinstance(passages, list) else ():
        if one.get("id") == hit.id:
            return {"words": one.get("words"), "vectors": one.get("vectors")}
    return {}


def ranks_in_words(found: Found, hit: Passage) -> str:
    """How a passage was found: `words: 1st (12.4) · meaning: …`."""
    ranks = ranks_of(found, hit)
    parts = []
    for name, label, none in (
        ("words", _("words: no. {rank} ({score})"), _("words: not found")),
        ("vectors", _("meaning: no. {rank} ({score})"), _("meaning: not found")),
    ):
        one = ranks.get(name)
        if one:
            parts.append(label.format(rank=one.get("rank"), score=f"{one.get('score', 0.0):.3g}"))
        elif ranks:
            parts.append(none)
    parts.append(_("together: {score}").format(score=f"{hit.score:.3g}"))
    return in_a_row(part.replace(" ", "\u00a0") for part in parts)


def purged_in_words(purged: Purged) -> str:
    """What a purge has done, and where the text still stands."""
    text = _("Nothing of its text is left in Teahouse's index: {files}, {passages}.")
    done = text.format(files=files_in_words(purged.files), passages=passages_in_words(purged.chunks))
    if not purged.where_else:
        return done
    lines = [f"  {one.text}" if one.text else f"  {one.path}" for one in purged.where_else]
    return "\n".join([done, _("It still stands elsewhere:"), *lines])
