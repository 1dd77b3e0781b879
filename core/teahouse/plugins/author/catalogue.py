"""Gettext catalogues without gettext's tools: read a `.po`, write a `.mo`, add what is missing.

Plain entries only, which is all that `_()` and `N_()` need: no plural forms, no contexts. Formats:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and …/MO-Files.html.
"""

from __future__ import annotations

import ast
import gettext
import re
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from teahouse.errors import PluginError
from teahouse.language import LANGUAGES, _

MAGIC = 0x950412DE
HEADER_FIELDS = 7
_FIELD = re.compile(r'^(msgid|msgstr|msgctxt|msgid_plural|msgstr\[\d+\])?\s*(".*")$')

Texts = Mapping[str, str]


def languages() -> list[str]:
    """Those that a catalogue is needed for: all but that of the program itself."""
    return [language for language in LANGUAGES if language != "en"]


def catalogue_file(package: Path, language: str) -> Path:
    """Where the source of a package's catalogue lies."""
    return package / "locale" / language / "LC_MESSAGES" / f"{package.name}.po"


def read_catalogue(file: Path) -> dict[str, str]:
    """Translations by text, the header under the empty one; entries that are marked fuzzy are left out.

    Raises:
        PluginError: It cannot be read; names the line.
    """
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", _text_of(file)):
        entry = _entry(block, file)
        if "msgid" in entry and not re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
            found[entry["msgid"]] = entry.get("msgstr", entry.get("msgstr[0]", ""))
    return found


def read_compiled(file: Path) -> dict[str, str]:
    """What a `.mo` holds, without its header; empty where there is none.

    Raises:
        PluginError: It is damaged.
    """
    try:
        with file.open("rb") as stream:
            known = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, struct.error) as error:
        raise PluginError(_("{file} cannot be read: {error}.").format(file=file, error=error)) from error
    return {key: value for key, value in known.items() if isinstance(key, str) and key}


def compile_catalogue(texts: Texts) -> bytes:
    """The bytes of a `.mo`; texts without a translation are left out."""
    kept = sorted((key.encode(), value.encode()) for key, value in texts.items() if value)
    head = struct.calcsize(f"<{HEADER_FIELDS}I")
    tables = 2 * 8 * len(kept)
    ids, strings = [key for key, _value in kept], [value for _key, value in kept]
    places, body = _places([*ids, *strings], head + tables)
    fields = (MAGIC, 0, len(kept), head, head + tables // 2, 0, head + tables)
    return struct.pack(f"<{HEADER_FIELDS}I", *fields) + places + body


def add_missing(file: Path, texts: Iterable[str]) -> list[str]:
    """Append texts that a `.po` lacks, with empty translations; returns those that were appended.

    The file is made with a header when it is not there.

    Raises:
        PluginError: It cannot be read or written.
    """
    known = read_catalogue(file) if file.exists() else {}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    whole = _text_of(file).rstrip("\n") if file.exists() else _header(file)
    entries = [f'msgid {_quoted(text)}\nmsgstr ""' for text in new]
    if new or not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n\n".join([whole, *entries]) + "\n", "utf-8")
    return new


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(_("{file} cannot be read: {error}.").format(file=file, error=error)) from error


def _entry(block: str, file: Path) -> dict[str, str]:
    """The fields of one entry; a text goes on in the lines after the one that names its field."""
    entry: dict[str, str] = {}
    field = ""
    for line in (line.strip() for line in block.splitlines()):
        if not line or line.startswith("#"):
            continue
        found = _FIELD.match(line)
        try:
            value = str(ast.literal_eval(found[2])) if found else None
        except (ValueError, SyntaxError):
            value = None
        if found is None or value is None:
            raise PluginError(_("{file} has a line that cannot be read: {line}").format(file=file, line=line))
        field = found[1] or field
        entry[field] = entry.get(field, "") + value
    return entry


def _places(values: Iterable[bytes], start: int) -> tuple[bytes, bytes]:
    """A table of (length, place) for each value, and the values one after the other, each ended by a zero."""
    table, body = b"", b""
    for value in values:
        table += struct.pack("<2I", len(value), start + len(body))
        body += value + b"\0"
    return table, body


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _header(file: Path) -> str:
    language = file.parent.parent.name
    fields = (f"Language: {language}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8")
    return 'msgid ""\nmsgstr ""\n' + "\n".join(f'"{field}\\n"' for field in fields)
