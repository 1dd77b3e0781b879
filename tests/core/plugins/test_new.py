"""`teahouse plugins new`: a complete package from the template."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from teahouse.errors import PluginError
from teahouse.plugins.author.catalogue import (
    add_missing,
    compile_catalogue,
    read_catalogue,
    read_compiled,
)
from teahouse.plugins.author.names import RESERVED, names_of
from teahouse.plugins.author.project import read_project
from teahouse.plugins.author.scaffold import api_range
from teahouse.plugins.author.wheel import build_wheel
from tests.core.cli.commands import teahouse
from tests.core.distributions import install
from tests.core.plugins.authors import new

ROOT = Path(__file__).resolve().parents[3]


def test_the_names_are_made_from_one() -> None:
    names = names_of("tea-notes")
    assert (names.plugin, names.distribution) == ("tea-notes", "teahouse-tea-notes")
    assert (names.package, names.title) == ("teahouse_tea_notes", "Tea notes")
    assert names_of("teahouse-tea-notes") == names


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((name, "small letters") for name in ("", "Tea", "tea_notes", "-tea", "tea-", "a--b", "1tea", "茶")),
        *((name, "small letters") for name in ("../tea", "tea notes", "tea.notes", "tea/notes", "tea\n")),
        ("t" * 41, "longer than 40"),
        *((name, "reserved") for name in ("class", "import", "echo", "desktop", "con", "serve")),
        *((name, "own settings") for name in ("app", "models", "chat")),
        ("ask", "a command of this name"),
        ("hello", "a plugin of this name"),
        ("workers-x", "package teahouse-workers-x is installed"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(site: Path, name: str, reason: str) -> None:
    install(site, "hello")
    install(site, "other", distribution="teahouse_workers_x")
    with pytest.raises(PluginError, match=reason):
        names_of(name, words=("ask",))


def test_the_names_of_our_own_plugins_are_kept_for_them() -> None:
    own = {folder.name.removeprefix("teahouse_") for folder in (ROOT / "plugins").glob("teahouse_*")}
    assert own <= RESERVED | {"echo"}


def test_every_file_is_there_and_filled_in(tmp_path: Path) -> None:
    folder = new(tmp_path)
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    package = "src/teahouse_tea_notes"
    catalogue = f"{package}/locale/zh_CN/LC_MESSAGES/teahouse_tea_notes"
    assert files == {
        *("pyproject.toml", "README.md", ".gitignore", "tests/test_plugin.py"),
        *(f"{package}/__init__.py", f"{package}/notes.py", f"{package}/panel.py"),
        *(f"{catalogue}.po", f"{catalogue}.mo"),
    }
    whole = "".join((folder / name).read_text("utf-8") for name in files if not name.endswith(".mo"))
    assert "@@" not in whole
    assert f"teahouse{api_range()}" in whole
    assert "Licence: Apache-2.0" in whole


@pytest.mark.parametrize("name", ["text", "keep", "a1"])
def test_a_name_that_is_a_word_of_the_template(tmp_path: Path, name: str) -> None:
    file = next(new(tmp_path, name).rglob("*.po"))
    ids = [line for line in file.read_text("utf-8").splitlines() if line.startswith("msgid")]
    assert len(ids) == len(set(ids)) == len(read_catalogue(file))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "teahouse-tea-notes"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(PluginError, match="there already; nothing was changed"):
        new(tmp_path)
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(PluginError):
        new(tmp_path / "file")
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_its_own_test_passes(tmp_path: Path) -> None:
    folder = new(tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_its_code_is_as_clean_as_ours(tmp_path: Path) -> None:
    folder = new(tmp_path)
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (["check", "--select", "E,F,W,I,UP,B"], ["format", "--check"]):
        command = [*ruff, *arguments, "--isolated", "--line-length", "110", "--no-cache", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout


def test_its_wheel_is_built_with_ordinary_tools(tmp_path: Path) -> None:
    folder = new(tmp_path)
    tool = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist")]
    done = subprocess.run(tool, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [file] = (tmp_path / "dist").iterdir()
    assert file.name == "teahouse_tea_notes-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(file) as wheel:
        names = set(wheel.namelist())
        entries = wheel.read("teahouse_tea_notes-0.1.0.dist-info/entry_points.txt").decode()
        said = wheel.read("teahouse_tea_notes-0.1.0.dist-info/METADATA").decode()
    assert {name.partition("/")[0] for name in names} == {
        "teahouse_tea_notes",
        "teahouse_tea_notes-0.1.0.dist-info",
    }
    assert "teahouse_tea_notes/locale/zh_CN/LC_MESSAGES/teahouse_tea_notes.mo" in names
    for group in ("plugins", "panels", "commands"):
        assert f"[teahouse.{group}]\ntea-notes = teahouse_tea_notes" in entries
    assert "License-Expression: Apache-2.0" in said
    assert "Requires-Dist: teahouse<0.2,>=0.1" in said
    ours = build_wheel(read_project(folder), tmp_path / "ours")
    assert ours.name == file.name
    assert not (folder / "dist").exists()


def test_the_template_comes_with_the_app(tmp_path: Path) -> None:
    """The wheel of Teahouse itself holds every file of the template."""
    tool = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", tool, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    here = ROOT / "core"
    template = here / "teahouse" / "plugins" / "template"
    wanted = {file.relative_to(here).as_posix() for file in template.rglob("*") if file.is_file()}
    assert len(wanted) == 8
    assert wanted <= names


# --- catalogues ----------------------------------------------------------------------------------

PO = """# A comment
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Content-Type: text/plain; charset=utf-8\\n"

#: place
msgid "Tea"
msgstr "茶"

msgid ""
"Two "
"lines\\n"
"and a \\"quote\\""
msgstr "两行\\n“引号”"

#, fuzzy
msgid "Guess"
msgstr "猜"

msgid "Nothing"
msgstr ""
"""


def test_a_catalogue_is_read_and_compiled(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(PO, "utf-8")
    texts = read_catalogue(file)
    assert texts["Tea"] == "茶"
    assert texts['Two lines\nand a "quote"'] == "两行\n“引号”"
    assert "Guess" not in texts
    file.with_suffix(".mo").write_bytes(compile_catalogue(texts))
    held = read_compiled(file.with_suffix(".mo"))
    assert held == {"Tea": "茶", 'Two lines\nand a "quote"': "两行\n“引号”"}
    assert read_compiled(tmp_path / "none.mo") == {}


def test_it_is_what_the_common_tools_make(tmp_path: Path) -> None:
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po

    file = tmp_path / "a.po"
    file.write_text(PO, "utf-8")
    file.with_suffix(".mo").write_bytes(compile_catalogue(read_catalogue(file)))
    with file.open("rb") as source, file.with_suffix(".mo").open("rb") as compiled:
        wanted = {m.id: m.string for m in read_po(source) if m.id and m.string and not m.fuzzy}
        assert {m.id: m.string for m in read_mo(compiled) if m.id} == wanted


def test_missing_texts_are_appended_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "zh_CN" / "LC_MESSAGES" / "a.po"
    assert add_missing(file, ['Say "tea"\n']) == ['Say "tea"\n']
    before = file.read_text("utf-8")
    assert "Language: zh_CN" in before
    assert add_missing(file, ['Say "tea"\n', "More", "More"]) == ["More"]
    assert file.read_text("utf-8").startswith(before.rstrip("\n"))
    assert read_catalogue(file)['Say "tea"\n'] == ""
    assert add_missing(file, ["More"]) == []


@pytest.mark.parametrize("line", ["msgid Tea", 'nonsense "Tea"', 'msgid "Tea', 'msgid "\\xZZ"'])
def test_a_damaged_catalogue_is_told(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.po"
    file.write_text(f'{line}\nmsgstr "x"\n', "utf-8")
    with pytest.raises(PluginError, match=r"a\.po has a line"):
        read_catalogue(file)
    file.with_suffix(".mo").write_bytes(b"damaged")
    with pytest.raises(PluginError, match="cannot be read"):
        read_compiled(file.with_suffix(".mo"))


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    done = teahouse("plugins", "new", "tea-notes", "--folder", str(tmp_path / "茶 plugins"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "teahouse plugins dev" in done.stdout
    assert (tmp_path / "茶 plugins" / "teahouse-tea-notes" / "pyproject.toml").is_file()
    done = teahouse("plugins", "new", "models", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert "own settings begin with this word" in done.stderr


def test_the_catalogue_command_adds_compiles_and_names_what_is_missing(tmp_path: Path) -> None:
    folder = new(tmp_path)
    with (folder / "src" / "teahouse_tea_notes" / "notes.py").open("a", encoding="utf-8") as stream:
        stream.write('\nMORE = _("More {tea}")\n')
    done = teahouse("plugins", "catalogue", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Without a translation: More {tea}" in done.stdout
    file = next(folder.rglob("*.po"))
    text = file.read_text("utf-8")
    assert 'msgid "More {tea}"\nmsgstr ""' in text
    file.write_text(text.replace('"More {tea}"\nmsgstr ""', '"More {tea}"\nmsgstr "更多{tea}"'), "utf-8")
    done = teahouse("plugins", "catalogue", str(folder))
    assert "Without a translation" not in done.stdout
    assert read_compiled(file.with_suffix(".mo"))["More {tea}"] == "更多{tea}"
