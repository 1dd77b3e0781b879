"""Gettext catalogues of the core and the bundled plugins: extract, update, compile.

    python packaging/catalogues.py          update every .po from the sources and compile every .mo
    python packaging/catalogues.py --check  exit 1 when a text is missing, untranslated, fuzzy or a .mo is old

The .mo files are kept in the tree, so that installing needs no build step. Needs Babel (extra `dev`).
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_CN",)
FOREIGN = ("click",)
KEYWORDS = {"_": None, "N_": None}
NOISE = (
    "-Date:",
    "Generated-By",
    "ORGANIZATION",
    "FIRST AUTHOR",
    "ADDRESS",
    "Language-Team",
    "Project-Id",
    "same lic",
)


def packages() -> list[Path]:
    """Every package that ships catalogues."""
    plugins = sorted(p.parent for p in (ROOT / "plugins").glob("teahouse_*/__init__.py"))
    return [ROOT / "core" / "teahouse", *plugins]


def extract(package: Path) -> Catalog:
    """All marked texts of a package, in order of file and line."""
    catalogue = Catalog(project=package.name, charset="utf-8")
    found = extract_from_dir(
        package, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"]
    )
    for file, line, text, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalogue.add(
            text, locations=[(f"{package.name}/{file}", line)], auto_comments=comments, context=context
        )
    return catalogue


def po_file(package: Path, language: str) -> Path:
    """Where a catalogue's source lies."""
    return package / "locale" / language / "LC_MESSAGES" / f"{package.name}.po"


def updated(package: Path, language: str) -> Catalog:
    """The catalogue on disk with the texts of the sources; none is guessed, none obsolete is kept."""
    file = po_file(package, language)
    old = (
        read_po(io.BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
    )
    catalogue = Catalog(locale=language, project=package.name, charset="utf-8", fuzzy=False)
    for message in extract(package):
        if message.id:
            known = old.get(message.id)
            text = known.string if known else ""
            catalogue.add(message.id, text, locations=[(name, None) for name, _line in message.locations])
    return catalogue


def problems(package: Path, language: str) -> list[str]:
    """What is wrong with a catalogue, one line each."""
    file = po_file(package, language)
    catalogue = updated(package, language)
    found = [f"{file.name}: no translation of {m.id!r}" for m in catalogue if m.id and not m.string]
    found += [
        f"{file.name}: other fields in {m.string!r}"
        for m in catalogue
        if m.id and m.string and _fields(m.id) != _fields(m.string)
    ]
    compiled = file.with_suffix(".mo")
    wanted = {m.id: m.string for m in catalogue if m.id and m.string}
    held = (
        {m.id: m.string for m in read_mo(io.BytesIO(compiled.read_bytes())) if m.id}
        if compiled.exists()
        else {}
    )
    if wanted != held:
        found.append(
            f"{compiled.name} is not what {file.name} and the sources say; run packaging/catalogues.py"
        )
    return found


def write(package: Path, language: str) -> None:
    """Update and compile one catalogue."""
    file = po_file(package, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue = updated(package, language)
    text = io.BytesIO()
    write_po(text, catalogue, omit_header=False, width=100, include_lineno=False)
    lines = [
        line for line in text.getvalue().decode().splitlines() if not any(word in line for word in NOISE)
    ]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    _mo(file.with_suffix(".mo"), catalogue)


def compile_foreign(language: str) -> None:
    """Compile the texts of a library that we translate ourselves."""
    for name in FOREIGN:
        file = po_file(ROOT / "core" / "teahouse", language).with_name(f"{name}.po")
        _mo(file.with_suffix(".mo"), read_po(io.BytesIO(file.read_bytes()), locale=language))


def _mo(file: Path, catalogue: Catalog) -> None:
    """Compile, with no date in it: the same texts give the same bytes."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    with file.open("wb") as stream:
        write_mo(stream, catalogue)


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def main(arguments: list[str]) -> int:
    """Update, or check with `--check`."""
    if "--check" not in arguments:
        for language in LANGUAGES:
            compile_foreign(language)
        for package in packages():
            for language in LANGUAGES:
                write(package, language)
    found = [line for package in packages() for language in LANGUAGES for line in problems(package, language)]
    print("\n".join(found) or "every text is translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
