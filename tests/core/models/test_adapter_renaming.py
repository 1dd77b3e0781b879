"""Another name for an adapter goes wherever it is chosen, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import AdapterError
from teahouse.models.adapter_choice import KEY
from teahouse.models.adapter_renaming import rename_adapter
from tests.core.models import loras


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    file = loras.write(tmp_path / "tea.gguf", {"blk.0.attn_q.weight": loras.pair((64, 64))})
    opened.adapters.add(file, "tea")
    yield opened
    opened.close()


def chat(app: App, choice: str) -> str:
    made = app.store.create_conversation().id
    app.store.change_conversation(made, settings={KEY: choice, "chat.max_tokens": 7})
    return made


def chosen(app: App, conversation_id: str) -> object:
    return app.store.conversation(conversation_id).settings


def test_every_choice_of_it_is_changed(app: App) -> None:
    used, trashed, other = chat(app, "pot=0.5, TEA=0.8"), chat(app, "tea=1"), chat(app, "tea2=1")
    odd = chat(app, "tea=many")
    app.store.trash_conversation(trashed)
    app.settings.set(KEY, "tea=1")
    app.settings.set(KEY, "tea=0.25", "tiny")
    assert rename_adapter(app, "tea", "kettle").name == "kettle"
    assert chosen(app, used) == {KEY: "pot=0.5, kettle=0.8", "chat.max_tokens": 7}
    assert chosen(app, trashed) == {KEY: "kettle=1", "chat.max_tokens": 7}
    assert chosen(app, other) == {KEY: "tea2=1", "chat.max_tokens": 7}
    assert chosen(app, odd) == {KEY: "tea=many", "chat.max_tokens": 7}, "what is damaged stays as it is"
    assert (app.settings.get(KEY), app.settings.get(KEY, "tiny")) == ("kettle=1", "kettle=0.25")


def test_a_name_that_cannot_be_changes_no_choice(app: App) -> None:
    used = chat(app, "tea=1")
    with pytest.raises(AdapterError, match="cannot be called"):
        rename_adapter(app, "tea", "a=b")
    assert chosen(app, used) == {KEY: "tea=1", "chat.max_tokens": 7}
    assert [one.name for one in app.adapters.list()] == ["tea"]
