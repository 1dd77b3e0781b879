from __future__ import annotations

import pytest

from teahouse_documents.scanning.ignore import Rules, patterns


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "is_ignored"),
    [
        ("*.log", "a.log", False, True),
        ("*.log", "deep/er/a.log", False, True),
        ("*.log", "a.log.txt", False, False),
        ("build/", "build", True, True),
        ("build/", "sub/build", True, True),
        ("build/", "build", False, False),
        ("/build", "build", True, True),
        ("/build", "sub/build", True, False),
        ("doc/*.txt", "doc/a.txt", False, True),
        ("doc/*.txt", "doc/sub/a.txt", False, False),
        ("doc/**/a.txt", "doc/a.txt", False, True),
        ("doc/**/a.txt", "doc/x/y/a.txt", False, True),
        ("**/draft", "x/draft", True, True),
        ("doc/**", "doc/x/y", False, True),
        ("doc/**", "doc", True, False),
        ("a?c", "abc", False, True),
        ("a?c", "a/c", False, False),
        ("[ab].txt", "b.txt", False, True),
        ("[!ab].txt", "b.txt", False, False),
        ("[z-a].txt", "[z-a].txt", False, True),
        ("[", "[", False, True),
        ("~$*", "~$book.docx", False, True),
        (r"\#a", "#a", False, True),
        ("# a", "# a", False, False),
        ("", "a", False, False),
        ("/", "a", True, False),
        ("资料/*.txt", "资料/一.txt", False, True),
        ("a.b", "axb", False, False),
        ("**/a/**/b*c/**/d", "x/a/y/b1c/d", False, True),
        ("**/a/**/b*c/**/d", "x/b1c/a/d", False, False),
        ("a/**/b", "a/b/b", False, True),
        ("a*b*c", "aXbYbZc", False, True),
        ("a*b*c", "aXbYbZ", False, False),
        ("*[*]?", "x*y", False, True),
    ],
)
def test_pattern(pattern: str, path: str, is_folder: bool, is_ignored: bool) -> None:
    assert Rules([pattern]).ignores(path, is_folder=is_folder) is is_ignored


@pytest.mark.parametrize("pattern", ["*a" * 12 + "*b", "**/a*a*/" * 8 + "b", "a/**/" * 20 + "b"])
def test_hostile_pattern_takes_no_time(pattern: str) -> None:
    for path in ("a" * 250, "/".join(["a" * 20] * 100), "/".join("a" * 400)):
        assert not Rules([pattern]).ignores(path, is_folder=False)


def test_last_one_decides() -> None:
    rules = Rules(["*.txt", "!keep.txt", "old/keep.txt"])
    assert rules.ignores("a.txt", is_folder=False)
    assert not rules.ignores("keep.txt", is_folder=False)
    assert rules.ignores("old/keep.txt", is_folder=False)


def test_hidden() -> None:
    assert Rules([]).ignores("a/.git", is_folder=True)
    assert not Rules([], has_hidden=True).ignores("a/.git", is_folder=True)
    assert not Rules(["!.notes"]).ignores(".notes", is_folder=True)


def test_setting() -> None:
    assert patterns(".git/, *.tmp,\n ~$* ,,") == [".git/", "*.tmp", "~$*"]
