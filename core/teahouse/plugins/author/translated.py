"""What is missing in a plugin's catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

from teahouse.errors import PluginError
from teahouse.language import LANGUAGES, _
from teahouse.plugins.author.catalogue import (
    add_missing,
    catalogue_file,
    compile_catalogue,
    languages,
    read_catalogue,
    read_compiled,
)
from teahouse.plugins.author.findings import Finding
from teahouse.plugins.author.texts import marked_texts


def check_texts(package: Path, shown: Iterable[str] = ()) -> list[Finding]:
    """Texts without a translation, translations that are not compiled, and texts that no catalogue can hold.

    Args:
        shown: Texts that the app shows translated, such as labels of settings, marked or not.
    """
    try:
        marked = marked_texts(package)
    except PluginError as error:
        return [Finding("contract", error.text, error.hint)]
    found = [_unfit(one.place) for one in marked if not one.text]
    places = {one.text: one.place for one in reversed(marked) if one.text}
    places |= {text: "" for text in shown if text and text not in places}
    for language in languages() if places else ():
        found += _in_language(package, language, places)
    return found


def renew_catalogues(package: Path) -> Iterator[tuple[Path, list[str]]]:
    """Append what catalogues lack and compile them; yields each with its texts without a translation.

    Raises:
        PluginError: A module or a catalogue cannot be read.
    """
    texts = list(dict.fromkeys(one.text for one in marked_texts(package) if one.text))
    for language in languages():
        file = catalogue_file(package, language)
        if not texts and not file.exists():
            continue
        add_missing(file, texts)
        known = read_catalogue(file)
        file.with_suffix(".mo").write_bytes(compile_catalogue(known))
        yield file, [text for text in texts if not known.get(text)]


def _unfit(place: str) -> Finding:
    text = _("A text is put together inside _(): no catalogue can hold it.")
    return Finding("translations", text, _('Write _("… {name} …").format(name=…).'), place=place)


def _in_language(package: Path, language: str, places: dict[str, str]) -> Iterator[Finding]:
    file = catalogue_file(package, language)
    fill = _("Run “teahouse plugins catalogue”, fill in the empty texts in {file}, and run it again.")
    hint = fill.format(file=file)
    try:
        known = read_catalogue(file) if file.exists() else {}
        compiled = read_compiled(file.with_suffix(".mo"))
    except PluginError as error:
        yield Finding("translations", error.text, _("Mend it, or delete it and begin anew."))
        return
    for text, place in places.items():
        said = known.get(text) or compiled.get(text, "")
        if not said:
            missing = _("“{text}” has no translation into {language}.")
            named = missing.format(text=text, language=LANGUAGES[language])
            yield Finding("translations", named, hint, place=place)
        elif _fields(said) != _fields(text):
            other = _("The translation of “{text}” has other fields in braces.").format(text=text)
            yield Finding("translations", other, _("Use the same fields as the text."), place=str(file))
    wanted = {text: value for text, value in known.items() if text and value}
    if wanted and wanted != compiled:
        text = _("{file} is not compiled, or has changed since.").format(file=file.name)
        yield Finding("translations", text, _("Run “teahouse plugins catalogue”."), place=str(file))


def _fields(text: str) -> set[str]:
    try:
        return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:  # a brace that is no field
        return set()
