"""The gallery of plugins: what is in it, finding, and installing from it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import AppError, NetworkRefused, PluginError
from teahouse.jobs import Cancel, Work
from teahouse.language import activate
from teahouse.plugins import gallery
from teahouse.plugins.installed import find_installed
from tests.core.cli.commands import is_quiet
from tests.core.wheels import Environment, make_environment, plugin_wheel


def finish(work: Work) -> Any:
    steps = work(Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def entry(wheel: Path | str, sha256: str = "", **more: Any) -> dict[str, Any]:
    if isinstance(wheel, Path):
        sha256, wheel = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel.name
    version = {"version": "1.0", "wheel": wheel, "sha256": sha256, "teahouse": ">=0.1,<0.2"}
    summary = {"en": "Smells of flowers", "zh_CN": "茉莉花茶的香气"}
    return {
        "name": "jasmine", "distribution": "teahouse-jasmine", "summary": summary, "author": "茶客",
        "licence": "MIT", "versions": [version], **more,
    }  # fmt: skip


def write(folder: Path, *entries: Any) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "gallery.json"
    file.write_text(json.dumps({"format": 1, "plugins": list(entries)}), "utf-8")
    return file


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> Environment:
    return make_environment(tmp_path / "environment", home)


@pytest.fixture
def server(shelf: Path) -> Iterator[str]:
    shelf.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf)))
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def choose(environment: Environment, where: object, **more: Any) -> None:
    (environment.home / "config").mkdir(exist_ok=True)
    text = f"[plugins]\ngallery = {json.dumps(str(where), ensure_ascii=False)}\n"
    if more.get("is_offline"):
        text += "[net]\noffline = true\n"
    (environment.home / "config" / "settings.toml").write_text(text, "utf-8")


def test_the_shipped_one_lists_every_plugin_that_comes_with_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    bundled = {name for name, one in find_installed().items() if one.is_bundled}
    offers = {offer.name: offer for offer in gallery.shipped()}
    assert bundled == {name for name, offer in offers.items() if offer.is_bundled}
    for offer in offers.values():
        assert offer.summary["en"]
        assert any("\u4e00" <= character <= "\u9fff" for character in offer.summary["zh_CN"])


@pytest.mark.parametrize(
    "words", ["flowers", "SMELLS of", "茉莉", "的香", "jasm", "茶客", "花茶 flowers", ""]
)
def test_search_finds_in_both_languages(app: App, shelf: Path, words: str) -> None:
    app.settings.set("plugins.gallery", str(write(shelf, entry("x.whl", "0" * 64))))
    assert "jasmine" in [offer.name for offer in gallery.search(gallery.local_offers(app), words)]


def test_search_finds_only_what_has_all_the_words(app: App, shelf: Path) -> None:
    app.settings.set("plugins.gallery", str(write(shelf, entry("x.whl", "0" * 64))))
    for words in ("coffee", "flowers coffee", "咖啡"):
        assert gallery.search(gallery.local_offers(app), words) == []


def test_a_summary_is_in_the_language_in_force(app: App, shelf: Path) -> None:
    app.settings.set("plugins.gallery", str(write(shelf, entry("x.whl", "0" * 64))))
    offer = gallery.local_offers(app)[0]
    assert offer.words == "Smells of flowers"
    activate("zh_CN")
    try:
        assert offer.words == "茉莉花茶的香气"
    finally:
        activate("en")


BAD = {
    "no-json": "{nothing",
    "other": "[1, 2]",
    "format": '{"format": 2, "plugins": []}',
    "list": '{"format": 1, "plugins": {}}',
    "entry": '{"format": 1, "plugins": [7]}',
    "name": '{"format": 1, "plugins": [{"summary": {}}]}',
    "deep": "[" * 100_000,
    "hash": json.dumps({"format": 1, "plugins": [entry("x.whl", "12")]}),
    "version": json.dumps({"format": 1, "plugins": [entry("x.whl", "0" * 64, versions=[{"version": "?"}])]}),
}


@pytest.mark.parametrize("how", BAD)
def test_what_is_no_gallery_is_told(app: App, shelf: Path, how: str) -> None:
    file = write(shelf)
    file.write_text(BAD[how], "utf-8")
    app.settings.set("plugins.gallery", str(file))
    with pytest.raises(PluginError, match="is not a gallery of plugins"):
        finish(gallery.read_gallery(app))


def test_a_gallery_that_is_not_there_is_told(app: App, tmp_path: Path) -> None:
    app.settings.set("plugins.gallery", str(tmp_path / "none.json"))
    with pytest.raises(PluginError, match="is not a gallery of plugins"):
        gallery.local_offers(app)


def test_only_versions_for_this_app_are_offered(app: App, shelf: Path) -> None:
    one = entry("x.whl", "0" * 64)
    one["versions"].append({**one["versions"][0], "version": "9.0", "teahouse": ">=7"})
    one["versions"].append({**one["versions"][0], "version": "1.10"})
    app.settings.set("plugins.gallery", str(write(shelf, one)))
    newest = gallery.local_offers(app)[0].newest_here()
    assert newest is not None
    assert newest.version == "1.10"


def test_it_is_fetched_from_its_address(app: App, shelf: Path, server: str) -> None:
    write(shelf, entry("wheels/x.whl", "0" * 64))
    app.settings.set("plugins.gallery", f"{server}/gallery.json")
    offers = finish(gallery.read_gallery(app))
    assert offers[0].versions[0].wheel == f"{server}/wheels/x.whl"
    assert gallery.local_offers(app) == gallery.shipped()  # nothing is fetched unasked
    app.settings.set("net.offline", True)
    with pytest.raises(NetworkRefused):
        finish(gallery.read_gallery(app))


@pytest.mark.parametrize(
    ("address", "words"),
    [("{server}/none.json", "404"), ("http://example.invalid/g.json", "not an https address")],
)
def test_one_that_cannot_be_fetched_is_told(app: App, server: str, address: str, words: str) -> None:
    app.settings.set("plugins.gallery", address.format(server=server))
    with pytest.raises(AppError, match=words):
        finish(gallery.read_gallery(app))


def test_a_strangers_list_cannot_name_files_of_this_machine(app: App, shelf: Path, server: str) -> None:
    write(shelf, entry("file:///etc/x.whl", "0" * 64))
    app.settings.set("plugins.gallery", f"{server}/gallery.json")
    with pytest.raises(PluginError, match="is not a gallery of plugins"):
        finish(gallery.read_gallery(app))


def test_searched_and_installed_in_the_terminal(environment: Environment, shelf: Path) -> None:
    shelf.mkdir()
    choose(environment, write(shelf, entry(plugin_wheel(shelf))))
    assert "jasmine  1.0  Smells of flowers" in environment.teahouse("plugins", "search", "flow").stdout
    found = json.loads(environment.teahouse("plugins", "search", "茉莉", "--json").stdout)
    assert [(one["name"], one["newest"]) for one in found] == [("jasmine", "1.0")]
    assert environment.teahouse("plugins", "search", "coffee").stdout == "The gallery has no such plugin.\n"
    assert environment.teahouse("plugins", "install", "jasmine", "--yes").returncode == 0
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"


def test_a_wheel_with_another_hash_is_refused(environment: Environment, shelf: Path) -> None:
    shelf.mkdir()
    choose(environment, write(shelf, entry(plugin_wheel(shelf), "0" * 64)))
    before = environment.files()
    done = environment.teahouse("plugins", "install", "jasmine", "--yes")
    assert (done.returncode, is_quiet(done)) == (1, True)
    assert "is not the file that was promised" in done.stderr
    assert environment.files() == before


def test_a_wheel_from_an_address(environment: Environment, shelf: Path, server: str) -> None:
    wheel = plugin_wheel(shelf)
    lists = shelf.parent / "lists"
    right = entry(f"{server}/{wheel.name}", hashlib.sha256(wheel.read_bytes()).hexdigest())
    choose(environment, write(lists, right))
    asked = environment.teahouse("plugins", "install", "jasmine")
    assert asked.returncode == 2  # the network is asked only when the person said yes
    assert environment.teahouse("plugins", "install", "jasmine", "--yes").returncode == 0
    assert environment.teahouse("plugins", "remove", "jasmine", "--yes").returncode == 0
    choose(environment, write(lists, right), is_offline=True)
    done = environment.teahouse("plugins", "install", "jasmine", "--yes")
    assert (done.returncode, "stay offline" in done.stderr) == (1, True)


def test_a_name_from_pips_index(environment: Environment, shelf: Path, server: str) -> None:
    wheel = plugin_wheel(shelf, requires=["teahouse>=0.1,<0.2", "click>=8"])
    page = shelf / "simple" / "teahouse-jasmine"
    page.mkdir(parents=True)
    shutil.move(wheel, page)
    (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>', "utf-8")
    done = environment.teahouse(
        "plugins", "install", "teahouse-jasmine", "--yes", PIP_INDEX_URL=f"{server}/simple/"
    )
    assert done.returncode == 0, done.stderr
    assert "Also installs  nothing else" in done.stdout
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"
