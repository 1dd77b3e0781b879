"""What people can choose for their documents."""

from __future__ import annotations

from urllib.parse import urlsplit

from teahouse import N_, Setting, Translator
from teahouse.errors import SettingError
from teahouse.setting import Scope

_ = Translator("teahouse_documents")

EMBEDDER = "documents.embedder"
RERANKER = "documents.reranker"
WATCH = "documents.watch"
OCR = "documents.ocr"
IGNORE = "documents.ignore"
SERVER = "documents.server"
COLLECTIONS = "documents.collections"
FOLDER = "documents.folder"
TYPES = "documents.types"
SINCE = "documents.since"
PASSAGES = "documents.passages"
NEEDS_FIT = "documents.needs_fit"
REWRITE = "documents.rewrite"
WORDINGS = "documents.wordings"

IGNORED = ".git/, .svn/, .hg/, node_modules/, __pycache__/, .venv/, .DS_Store, Thumbs.db, ~$*, *.tmp, *.part"
"""Everywhere, unless a person chooses otherwise: what programs keep for themselves."""


CHATS: frozenset[Scope] = frozenset({"app", "conversation"})


def settings() -> list[Setting]:
    """Every setting of the plugin."""
    return [*_library(), *_answers(), *_questions(), *_filters()]


def _answers() -> list[Setting]:
    """How a conversation uses documents."""
    return [
        Setting(
            COLLECTIONS,
            str,
            "",
            N_("Collections that answer"),
            N_(
                "Names with commas between them, or a line each; * takes all. Questions are then answered "
                "from their documents. Empty: no documents."
            ),
            scopes=CHATS,
        ),
        Setting(
            PASSAGES,
            int,
            0,
            N_("Passages for an answer"),
            N_(
                "How many passages the model reads at most. 0: one for models under a billion parameters, "
                "three for those under four billion, else eight; never more than its context has room for."
            ),
            (0, 20),
            scopes=CHATS,
        ),
        Setting(
            NEEDS_FIT,
            bool,
            True,
            N_("Say when nothing fits"),
            N_(
                "Where the scores tell that nothing in the documents answers a question, that is said, and "
                "what follows is marked as general knowledge. Off: the best passages are always sent."
            ),
            scopes=CHATS,
        ),
    ]


def _questions() -> list[Setting]:
    """How a question is searched for."""
    return [
        Setting(
            REWRITE,
            str,
            "words",
            N_("Follow-up questions"),
            N_(
                "“When was it built?” is searched with the words of the question before it (words), as the "
                "model rewords it (model: slower, not with models under a billion parameters), or as it is "
                "(off)."
            ),
            ("words", "model", "off"),
            scopes=CHATS,
        ),
        Setting(
            WORDINGS,
            int,
            0,
            N_("Other wordings"),
            N_(
                "So many other wordings of each question, written by the model, are searched as well. It "
                "takes time, and helps with larger models only."
            ),
            (0, 4),
            scopes=CHATS,
        ),
    ]


def _filters() -> list[Setting]:
    """Which files of the collections answer."""
    return [
        Setting(
            FOLDER,
            str,
            "",
            N_("Only from this folder"),
            N_("A part of the path: only files below it answer. Empty: all."),
            scopes=CHATS,
        ),
        Setting(
            TYPES,
            str,
            "",
            N_("Only of these types"),
            N_("Endings of file names with commas between them, such as pdf, docx. Empty: all."),
            scopes=CHATS,
        ),
        Setting(
            SINCE,
            str,
            "",
            N_("Only changed since"),
            N_(
                "A day, such as 2024-05-31, or how long ago: 7d, 2w, 6m, 1y (days, weeks, months, years). "
                "Only files that were changed since then answer. Empty: all."
            ),
            scopes=CHATS,
            rule=check_since,
        ),
    ]


def _library() -> list[Setting]:
    """How documents are read and kept."""
    return [
        Setting(
            EMBEDDER,
            str,
            "",
            N_("Embedding model"),
            N_(
                "What makes passages comparable: the name of a GGUF model of this kind; empty takes "
                "multilingual-e5-small. Another one builds a new index beside the old one, then switches."
            ),
        ),
        Setting(
            RERANKER,
            str,
            "",
            N_("Reranker"),
            N_(
                "The name of a GGUF model that was made for ranking, where you have one: it puts the best "
                "ten passages for an answer in its own order. It takes time. Empty: none."
            ),
        ),
        Setting(
            WATCH,
            bool,
            True,
            N_("Watch folders"),
            N_("Changed files are read again at once. Otherwise only at the start and when you rescan."),
        ),
        Setting(
            OCR,
            str,
            "",
            N_("Languages of scans"),
            N_(
                "Pages without text are recognised by tesseract, where it is installed, in these "
                "languages (eng+chi_sim). Empty leaves them out and says so."
            ),
        ),
        Setting(
            IGNORE,
            str,
            IGNORED,
            N_("Ignored everywhere"),
            N_("Names and patterns with commas between them; a slash at the end means a folder."),
        ),
        Setting(
            SERVER,
            str,
            "",
            N_("Chroma server"),
            N_(
                "Leaves this machine: the address of a team's server (http://host:8000). It is sent the "
                "vectors of your passages and questions, from which something of them can be guessed; text "
                "and places stay here. Empty keeps all vectors here."
            ),
            rule=check_server,
        ),
    ]


def check_since(since: str) -> None:
    """Refuse what is no day; empty is none wanted.

    Raises:
        SettingError: Says how it is written.
    """
    from teahouse_documents.retrieval.filtering import day_of

    try:
        day_of(since)
    except ValueError:
        text = _("“{since}” is no day.").format(since=since)
        hint = _("Write a day as 2024-05-31, or how long ago: 7d, 2w, 6m, 1y.")
        raise SettingError(text, hint, key=SINCE) from None


def check_server(address: str) -> None:
    """Refuse what is no address of a server; empty is none wanted.

    Raises:
        SettingError: Says how it is written.
    """
    if not address:
        return
    try:
        parts = urlsplit(address)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        is_sound = False
    if not is_sound:
        text = _("“{address}” is no address of a Chroma server.").format(address=address)
        hint = _("Write it as http://host:8000, or leave documents.server empty to keep all vectors here.")
        raise SettingError(text, hint, key=SERVER)
