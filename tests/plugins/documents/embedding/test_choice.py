"""Which embedder is used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.errors import ModelError, PluginError
from teahouse.models import catalogue
from teahouse.models.library import Library
from teahouse.passages import Embedder
from teahouse.paths import default_paths
from teahouse.plugins.contributions import check_embedder
from teahouse_documents.embedding import available, choose, from_json, to_json
from teahouse_documents.embedding.prefixes import prefixes_of
from teahouse_documents.settings import EMBEDDER
from tests.core.models import ggufs

Make = Callable[..., Any]


@pytest.fixture
def models(home: Path) -> Iterator[Path]:
    folder = default_paths().models
    folder.mkdir(parents=True)
    yield folder


def an_app(chosen: str = "", *brought: Embedder) -> Any:
    """As much of an app as a choice needs."""
    plugins = SimpleNamespace(call_each=lambda hook: [("stranger", embedder) for embedder in brought])
    settings = SimpleNamespace(get=lambda key: chosen if key == EMBEDDER else None)
    return SimpleNamespace(models=Library(default_paths()), plugins=plugins, settings=settings)


def put_usual(folder: Path, embedder_file: Path) -> None:
    (folder / catalogue.find("e5-small").file).symlink_to(embedder_file)


def test_without_one_it_is_told_how_to_get_it(models: Path) -> None:
    with pytest.raises(ModelError, match="words only") as caught:
        choose(an_app())
    assert "teahouse models get e5-small" in caught.value.hint
    assert caught.value.data["key"] == "e5-small"


@pytest.mark.gguf
def test_the_usual_one_and_a_named_one(models: Path, embedder_file: Path) -> None:
    put_usual(models, embedder_file)
    (models / "my-e5.gguf").symlink_to(embedder_file)
    usual, named = choose(an_app()), choose(an_app("my-e5"))
    assert usual.name == catalogue.find("e5-small").name
    assert usual.identity == named.identity
    assert Path(named.model).name == "my-e5.gguf"
    assert from_json({**to_json(usual), "later": 1}) == usual
    assert set(available(an_app())) == {usual.name, "my-e5"}


def test_a_model_that_chats_is_none(models: Path) -> None:
    ggufs.write(models / "chatter.gguf")
    with pytest.raises(ModelError, match="no embedding model"):
        choose(an_app("chatter"))
    assert available(an_app()) == []


@pytest.mark.gguf
def test_hook_register_embedders(models: Path, embedder_file: Path) -> None:
    put_usual(models, embedder_file)
    own = Embedder("own", 3, entry="stranger.child:serve")
    other = Embedder("quoted", 1, model="e5-small", query_prefix="q ", passage_prefix="p ")
    assert available(an_app("", own, other))[-2:] == ["own", "quoted"]
    assert choose(an_app("own", own, other)) == own
    found, usual = choose(an_app("quoted", own, other)), choose(an_app("", own))
    assert (found.dimension, found.query_prefix, found.model) == (384, "q ", usual.model)
    assert found.identity != usual.identity


@pytest.mark.parametrize(
    "wrong",
    [
        Embedder("", 3, entry="a:b"),
        Embedder("x", 0, entry="a:b"),
        Embedder("x", 3),
        Embedder("x", 3, model="m", entry="a:b"),
        Embedder("x", 3, entry="no function"),
    ],
)
def test_one_that_is_declared_wrongly_is_refused(wrong: Embedder) -> None:
    with pytest.raises(PluginError):
        check_embedder(wrong)


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("Multilingual E5 Large", "query: ", "passage: "),
        ("nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("all-MiniLM-L6-v2", "", ""),
        ("something else", "", ""),
    ],
)
def test_what_families_of_models_want(name: str, query: str, passage: str) -> None:
    assert prefixes_of(name) == (query, passage)


def test_choosing_needs_no_numpy_in_the_process_of_the_window() -> None:
    code = (
        "import sys, teahouse_documents, teahouse_documents.options, teahouse_documents.library\n"
        "import teahouse_documents.embedding.choice\n"
        "print([name for name in ('numpy', 'chromadb', 'teahouse_documents.embedding.running') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
