"""Everything that the app offers to plugins, used by one plugin through the real terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.core.cli.commands import teahouse
from tests.core.distributions import install

ROOT = Path(__file__).resolve().parents[3]

TOUR = """
from teahouse import AppError, Backend, BackendModel, Command, Setting, hookimpl
from teahouse.jobs import Job, JobEnded

NOTES = ["CREATE TABLE note (text TEXT NOT NULL);"]

class Told: pass

class Plugin:
    @hookimpl
    def register_settings(self):
        return [Setting("tour.cups", int, 3, "Cups")]

    @hookimpl
    def register_models(self):
        models = [BackendModel("m", {"options": {}})]
        return [Backend("tour", "tests.core.engine.backends:serve", lambda: models)]

    @hookimpl
    def register_commands(self):
        return [Command("tour all", "Everything", everything, json=True)]

def everything(app, params):
    def work(cancel):
        yield
        return {
            "settings": settings(app),
            "store": store(app),
            "events": events(app),
            "jobs": jobs(app),
            "workers": workers(app),
            "models": [model.name for model in app.models.list()],
            "engines": engines(app, cancel),
            "net": net(app),
            "paths": str(app.paths.plugin("tour")),
            "plugin_storage": storage(app),
        }
    return work

def settings(app):
    before = app.settings.get("tour.cups")
    app.settings.set("tour.cups", 5)
    return [before, app.settings.get("tour.cups")]

def store(app):
    made = app.store.create_conversation(title="Tea")
    return [found.title for found in app.store.conversations() if found.id == made.id]

def events(app):
    heard = []
    forget = app.events.listen(heard.append)
    app.events.publish(Told())
    forget()
    app.events.publish(Told())
    return [type(event).__name__ for event in heard]

def jobs(app):
    import queue
    ended = queue.SimpleQueue()
    forget = app.events.listen(lambda event: ended.put(event) if isinstance(event, JobEnded) else None)
    def work(cancel):
        yield 1
        return "steeped"
    job = app.jobs.start(Job("Steeping", work))
    event = ended.get(timeout=60)
    forget()
    return event.result if event.job is job else "another job"

def workers(app):
    worker = app.workers.start(__name__ + ":serve")
    try:
        return worker.call("double", number=21)
    finally:
        worker.close()

def serve(server):
    server.verb("double", lambda call, number: 2 * number)

def engines(app, cancel):
    for _step in app.engines.open("tour/m", cancel):
        pass
    return list(app.engines.loaded)

def net(app):
    app.settings.set("net.offline", True)
    try:
        app.net.web_file("https://example.org/tea", path=app.paths.data / "tea", limit_bytes=10)
    except AppError as error:
        return type(error).__name__
    finally:
        app.settings.set("net.offline", False)

def storage(app):
    own = app.plugin_storage()
    (own.folder / "cache.txt").write_text("tea")
    with own.database(NOTES).writing() as connection:
        connection.execute("INSERT INTO note VALUES ('Longjing')")
    with own.database(NOTES).reading() as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note")]

def create(app):
    return Plugin()
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the plugin's command returned."""
    place = tmp_path_factory.mktemp("offers")
    install(place / "site", "tour", TOUR, groups=("teahouse.plugins", "teahouse.commands"))
    path = os.pathsep.join([str(place / "site"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    environ = {"PYTHONPATH": path, "TEAHOUSE_HOME": str(place / "home"), "TEAHOUSE_LANGUAGE": "en"}
    done = teahouse("tour", "all", "--json", **environ)
    assert (done.returncode, done.stderr) == (0, "")
    result: dict[str, Any] = json.loads(done.stdout)
    result["home"] = place / "home"
    return result


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("settings", [3, 5]),
        ("store", ["Tea"]),
        ("events", ["Told"]),
        ("jobs", "steeped"),
        ("workers", 42),
        ("models", ["tour/m"]),
        ("engines", ["tour/m"]),
        ("net", "NetworkRefused"),
        ("plugin_storage", ["Longjing"]),
    ],
)
def test_a_plugin_can_use(found: dict[str, Any], name: str, wanted: object) -> None:
    assert found[name] == wanted


def test_its_folder_is_where_the_paths_say(found: dict[str, Any]) -> None:
    folder = Path(found["paths"])
    assert found["home"] in folder.parents
    assert {file.name for file in folder.iterdir()} >= {"cache.txt", "plugin.db"}
