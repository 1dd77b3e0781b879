"""What people can choose for their documents."""

from __future__ import annotations

from urllib.parse import urlsplit

from teahouse import N_, Setting, Translator
from teahouse.errors import SettingError

_ = Translator("teahouse_documents")

EMBEDDER = "documents.embedder"
WATCH = "documents.watch"
OCR = "documents.ocr"
IGNORE = "documents.ignore"
SERVER = "documents.server"

IGNORED = ".git/, .svn/, .hg/, node_modules/, __pycache__/, .venv/, .DS_Store, Thumbs.db, ~$*, *.tmp, *.part"
"""Everywhere, unless a person chooses otherwise: what programs keep for themselves."""


def settings() -> list[Setting]:
    """Every setting of the plugin."""
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
