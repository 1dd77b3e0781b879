from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import SettingError
from teahouse_documents.options import allowed_server
from teahouse_documents.settings import SERVER, settings

ROOT = Path(__file__).resolve().parents[3]


def test_keys_begin_with_the_plugin_s_name_and_all_are_documented() -> None:
    text = (ROOT / "docs" / "documents.md").read_text("utf-8")
    for setting in settings():
        assert setting.key.startswith("documents.")
        assert f"`{setting.key}`" in text


def test_a_server_is_marked_as_leaving_the_machine() -> None:
    server = next(setting for setting in settings() if setting.key == SERVER)
    assert server.default == ""
    assert server.help.startswith("Leaves this machine")


@pytest.mark.parametrize("address", ["", "http://host:8000", "https://chroma.example.org"])
def test_addresses_that_can_be_used(home: Path, address: str) -> None:
    app = App.open(has_plugins=False)
    app.settings.declare(settings(), owner="documents")
    app.settings.set(SERVER, address)
    assert app.settings.get(SERVER) == address
    app.close()


@pytest.mark.parametrize(
    ("address", "used"),
    [("http://host:8000", ""), ("http://127.0.0.1:8000", "http://127.0.0.1:8000"), ("", "")],
)
def test_offline_no_vector_leaves_the_machine(home: Path, address: str, used: str) -> None:
    app = App.open(has_plugins=False)
    app.settings.declare(settings(), owner="documents")
    app.settings.set(SERVER, address)
    assert allowed_server(app) == address
    app.settings.set("net.offline", True)
    assert allowed_server(app) == used
    app.close()


@pytest.mark.parametrize("address", ["host:8000", "ftp://host", "http://", "http://host:no", "http://host:0"])
def test_an_address_that_is_none_is_refused(home: Path, address: str) -> None:
    app = App.open(has_plugins=False)
    app.settings.declare(settings(), owner="documents")
    with pytest.raises(SettingError, match="no address of a Chroma server"):
        app.settings.set(SERVER, address)
    app.close()
