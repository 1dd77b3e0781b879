"""`teahouse docs …`: the commands and their parameters; `works` does them, `answers` says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from teahouse import N_, Command, Setting
from teahouse_documents.cli import answers as say
from teahouse_documents.cli import asking
from teahouse_documents.cli import works as do
from teahouse_documents.settings import check_since

PATH = Setting(
    "docs.path", str, None, N_("File or folder"), N_("Its path; “conversations” are the past ones.")
)
NAME = Setting("docs.name", str, None, N_("Collection"), N_("Its name."))
NEW_NAME = Setting("docs.new_name", str, None, N_("New name"), N_("What it is called from now on."))
QUERY = Setting(
    "docs.query", str, None, N_("Words"), N_("A question or words; put several in quotation marks.")
)
COLLECTION = Setting(
    "docs.collection", str, "", N_("Collection"), N_("Its name; empty takes the first, or all.")
)
SOURCE = Setting("docs.source", str, "", N_("File or folder"), N_("Only this one; empty takes all."))
LEFT_OUT = Setting("docs.ignore", str, "", N_("Left out"), N_("Patterns with commas between them."))
HIDDEN = Setting("docs.hidden", bool, False, N_("Hidden files"), N_("Read hidden files and folders, too."))
NO_WAIT = Setting("docs.no_wait", bool, False, N_("Do not wait"), N_("Do not wait until everything is read."))
YES = Setting("docs.yes", bool, False, N_("Yes"), N_("Do it without asking."))
TYPES = Setting("docs.types", str, "", N_("Types"), N_("Only files of these types, such as pdf,docx."))
FOLDER = Setting("docs.folder", str, "", N_("Folder"), N_("Only files with this in their path."))
SINCE = Setting(
    "docs.since",
    str,
    "",
    N_("Only changed since"),
    N_("Only files changed since a day, such as 2024-05-31, or 7d, 2w, 6m, 1y ago."),
    rule=check_since,
)
MODEL = Setting("docs.model", str, "", N_("Model"), N_("Its name; empty takes the default one."))
FILE = Setting("docs.file", str, None, N_("File"), N_("Its path; it need not be in a collection."))
QUESTIONS = Setting(
    "docs.questions",
    str,
    None,
    N_("Questions"),
    N_("A file in SQuAD's format, or a table with the headings question, file and text."),
)
CORPUS = Setting(
    "docs.corpus", str, "", N_("Corpus"), N_("A parallel file whose paragraphs are searched instead.")
)
LIMIT = Setting("docs.limit", int, 10, N_("Number"), N_("How many passages at most."), (1, 100))


def commands() -> list[Command]:
    """Every command, in the order of the help."""
    rows: list[tuple[str, str, Any, tuple[Setting, ...], Callable[[Any], str]]] = [
        ("add", N_("Add a folder or file to the documents"), do.add,
         (PATH, COLLECTION, LEFT_OUT, HIDDEN, NO_WAIT), say.added),
        ("remove", N_("Remove a folder or file from the documents"), do.remove,
         (PATH, COLLECTION), say.removed),
        ("list", N_("List collections and what is in them"), do.list_, (COLLECTION,), say.listed_),
        ("status", N_("Say how far the documents are read"), do.status, (), say.status),
        ("problems", N_("List what could not be read, and why"), do.problems, (), say.problems),
        ("search", N_("Find passages in the documents"), do.search,
         (QUERY, COLLECTION, TYPES, FOLDER, SINCE, LIMIT), say.found),
        ("ask", N_("Answer a question from the documents"), asking.ask,
         (QUERY, COLLECTION, TYPES, FOLDER, SINCE, MODEL), asking.answered),
        ("summarise", N_("Summarise a whole document"), asking.summarise, (FILE, MODEL), asking.summarised),
        ("eval", N_("Measure how well questions find their paragraphs"), asking.evaluate,
         (QUESTIONS, CORPUS), asking.measured),
        ("rescan", N_("Look for changed files now"), do.rescan, (SOURCE, NO_WAIT), say.status),
        ("reindex", N_("Read everything anew"), do.reindex, (SOURCE, NO_WAIT), say.reindexed),
        ("retry", N_("Try again what could not be read"), do.retry, (NO_WAIT,), say.reindexed),
        ("purge", N_("Erase every trace of a folder or file"), do.purge, (PATH, COLLECTION, YES), say.purged),
        ("pause", N_("Read no more for now"), do.pause, (), say.status),
        ("resume", N_("Go on reading"), do.resume, (NO_WAIT,), say.status),
        ("create-collection", N_("Make a collection"), do.create, (NAME,), say.listed_),
        ("rename-collection", N_("Give a collection another name"), do.rename, (NAME, NEW_NAME), say.listed_),
        ("delete-collection", N_("Delete a collection; the files stay"), do.delete, (NAME, YES), say.listed_),
    ]  # fmt: skip
    return [
        Command(
            f"docs {word}",
            title,
            work,
            params=params,
            json=True,
            words=words,
            is_in_menu=False,
            needs_engine=word in ("ask", "summarise"),
        )
        for word, title, work, params, words in rows
    ]
