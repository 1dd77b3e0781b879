"""Every text of the core and of the bundled plugins is there in every language, and reads well."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from teahouse.language import Translator, _, activate

ROOT = Path(__file__).resolve().parent.parent

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
FIELD = re.compile(r"{[^{}]*}")
SAME_IN_BOTH: frozenset[str] = frozenset(
    {"Alpha", "JSON Schema", "KL {number}", "Min-p", "Mirostat", "Top-k", "Top-n-sigma", "Top-p", "Typical-p"}
)
"""Texts that are written alike in English and Chinese: names of samplers, signs, products."""

BAD_CHINESE = {
    "a corner bracket as a quotation mark": r"[「」『』]",
    "a straight quotation mark": r"[\"']",
    "punctuation of half width beside Han": rf"{HAN}[,.;:!?()]|[,;:!?()]{HAN}",
    "no space between Han and a letter or digit": rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}",
    "a space before or after punctuation of full width": r" [，。；：！？（）、]|[，。；：！？（）、] ",
}
CODE = r"\{\".*\}|\[[^\]]*\]|[\w-]+ = \"[^\"]*\"|\b_\(\".*\)"
"""JSON, a table or an entry of TOML, a call in Python: it has straight marks in both languages."""


def _script() -> ModuleType:
    file = ROOT / "packaging" / "catalogues.py"
    spec = importlib.util.spec_from_file_location("catalogues_script", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogues = _script()
PACKAGES = [pytest.param(package, id=package.name) for package in catalogues.packages()]
every_package = pytest.mark.parametrize("package", PACKAGES)
every_language = pytest.mark.parametrize("language", catalogues.LANGUAGES)


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    activate("en")


def read(package: Path, language: str) -> dict[str, str]:
    """The texts of a catalogue with their translations."""
    with catalogues.po_file(package, language).open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream, locale=language) if m.id}


def fields(text: str) -> list[tuple[str, str, str]]:
    """Every {field} of a text with its form, in alphabetical order."""
    parsed = Formatter().parse(text)
    return sorted((name, spec or "", form or "") for _text, name, spec, form in parsed if name is not None)


def marked(package: Path) -> dict[str, str]:
    """Every text handed to `_` or `N_` in a package's sources, with its file and line."""
    found = {}
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            text = node.args[0]
            if node.func.id in catalogues.KEYWORDS and isinstance(text, ast.Constant):
                found[str(text.value)] = f"{file.relative_to(package.parent)}:{node.lineno}"
    return found


def without_code(text: str, words: str) -> str:
    """A translation with the code of its text, which nobody translates, taken out."""
    for code in re.findall(CODE, text):
        words = words.replace(code, "…")
    return words


# --- the catalogues ---------------------------------------------------------------------------------


def test_the_core_and_the_echo_plugin_have_catalogues() -> None:
    assert {"teahouse", "teahouse_echo"} <= {package.name for package in catalogues.packages()}


@every_package
@every_language
def test_a_catalogue_is_complete_and_compiled(package: Path, language: str) -> None:
    assert catalogues.problems(package, language) == []


@every_package
@every_language
def test_no_marked_text_escapes_the_extractor(package: Path, language: str) -> None:
    """Babel overlooks `_()` inside an f-string."""
    known = read(package, language)
    assert [f"{place}: {text!r}" for text, place in marked(package).items() if text not in known] == []


@every_package
@every_language
def test_a_translation_keeps_fields_and_their_form(package: Path, language: str) -> None:
    texts = read(package, language)
    assert {text: words for text, words in texts.items() if fields(text) != fields(words)} == {}


@every_package
def test_chinese_is_chinese(package: Path) -> None:
    texts = read(package, "zh_CN")
    without = {text for text, words in texts.items() if not re.search(HAN, words)}
    assert {text for text in without if re.search("[A-Za-z]", FIELD.sub("", text))} <= SAME_IN_BOTH
    assert {text for text in SAME_IN_BOTH & texts.keys() if texts[text] != text} == set()


@every_package
def test_chinese_is_set_as_chinese(package: Path) -> None:
    texts = read(package, "zh_CN")
    prose = [without_code(text, words) for text, words in texts.items()]
    assert {
        (words, why) for words in prose for why, bad in BAD_CHINESE.items() if re.search(bad, words)
    } == set()


def test_only_code_that_stands_in_both_languages_may_have_straight_marks() -> None:
    table = '[project.entry-points."{group}"]'
    assert without_code(f"Add it to {table}.", f"请添加到 {table} 中。") == "请添加到 … 中。"
    assert without_code("Add it.", '添加"它"。') == '添加"它"。'
    assert without_code('Write a = "b".', '请写成 a = "c"。') == '请写成 a = "c"。'


@pytest.mark.parametrize(
    ("words", "is_bad"),
    [
        ("运行 {model} 需要 3 GB。", False),
        ("“{name}”不可用：{reason}。", False),
        ("使用「引号」。", True),
        ("请重试.", True),
        ("下载GGUF 文件。", True),
        ("模型：{name} （新）", True),
    ],
)
def test_bad_chinese_is_recognised(words: str, is_bad: bool) -> None:
    assert any(re.search(bad, words) for bad in BAD_CHINESE.values()) is is_bad


# --- in use -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Temperature", "温度"),
        ("There is no model yet.", "还没有模型。"),
        ("The plugin {name} {what}.", "插件 {name} {what}。"),
    ],
)
def test_the_core_speaks_the_chosen_language(text: str, words: str) -> None:
    assert _(text) == text
    activate("zh_CN")
    assert _(text) == words
    activate("en")
    assert _(text) == text


def test_the_echo_plugin_speaks_the_chosen_language() -> None:
    translate = Translator("teahouse_echo")
    activate("zh_CN")
    assert translate("Delay") == "延迟"
    assert translate("Echo") == "回声"


def test_fragments_make_whole_sentences() -> None:
    activate("zh_CN")
    what = _("failed in {hook}: {error}").format(hook="register_models", error="OSError")
    text = _("The plugin {name} {what}.").format(name="echo", what=what)
    assert text == "插件 echo 在 register_models 中出错：OSError。"
    reason = _("{what} is {length} bytes long").format(what=_("a key"), length=70_000)
    text = _("{file} cannot be used as a model: {reason}.").format(file="a.gguf", reason=reason)
    assert text == "a.gguf 不能用作模型：某个键长达 70000 字节。"


# --- the script -------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one marked text and a catalogue that was written but not translated."""
    folder = tmp_path / "teahouse_made"
    folder.mkdir()
    (folder / "__init__.py").write_text('_("Hello, {name}.")\n', "utf-8")
    catalogues.write(folder, "zh_CN")
    return folder


def translate_to(package: Path, words: str) -> None:
    """Give the package's text a translation, in the source of the catalogue only."""
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Hello, {name}.", words)
    with catalogues.po_file(package, "zh_CN").open("wb") as stream:
        write_po(stream, catalogue)


def test_an_untranslated_text_is_a_problem(package: Path) -> None:
    assert catalogues.problems(package, "zh_CN") == ["teahouse_made.po: no translation of 'Hello, {name}.'"]


def test_a_lost_field_is_a_problem(package: Path) -> None:
    translate_to(package, "你好。")
    catalogues.write(package, "zh_CN")
    assert catalogues.problems(package, "zh_CN") == ["teahouse_made.po: other fields in '你好。'"]


def test_an_old_compiled_catalogue_is_a_problem_until_it_is_written(package: Path) -> None:
    translate_to(package, "你好，{name}。")
    [problem] = catalogues.problems(package, "zh_CN")
    assert problem.startswith("teahouse_made.mo is not what teahouse_made.po")
    catalogues.write(package, "zh_CN")
    assert catalogues.problems(package, "zh_CN") == []


def test_a_text_that_left_the_sources_leaves_the_catalogue(package: Path) -> None:
    translate_to(package, "你好，{name}。")
    (package / "__init__.py").write_text('_("Good evening.")\n', "utf-8")
    catalogues.write(package, "zh_CN")
    assert read(package, "zh_CN") == {"Good evening.": ""}
