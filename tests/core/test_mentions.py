"""What can be named in a message: where a name may begin, and what plugins offer for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse import hookimpl
from teahouse.app import App
from teahouse.events import Notice
from teahouse.mentions import LONGEST, Mention, has_mark, starts_of, typed_in
from teahouse.messages import Conversation

NEW = Conversation("", "", 0, 0)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("What says @plan.pdf?", [10]),
        ("请看@报告和#书房", [2, 6]),
        ("看＠计划，还有＃茶", [1, 7]),
        ("“@a” (#b)", [1, 6]),
        ("line\n#b", [5]),
        ("me@example.org", []),
        ("https://example.org/#top &#39; C# a_@b", []),
        ("@ home, # 1, end @", []),
    ],
)
def test_where_a_name_may_begin(text: str, starts: list[int]) -> None:
    assert starts_of(text) == starts
    assert has_mark(text) is bool(starts)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Say @", "@"),
        ("Say @annual rep", "@annual rep"),
        ("请看＠报", "@报"),
        ("请看＃", "#"),
        ("@a #b", "#b"),
        ("@C# not", "@C# not"),
        ("@plan.pdf ", ""),
        ("@ home", ""),
        ("a@b", ""),
        ("@one\ntwo", ""),
        ("@" + "x" * LONGEST, ""),
    ],
)
def test_what_is_being_typed(text: str, typed: str) -> None:
    assert typed_in(text) == typed


class Teas:
    def __init__(self, *offered: object) -> None:
        self.offered, self.asked = list(offered), list[tuple[str, Conversation]]()

    @hookimpl
    def complete_mention(self, prefix: str, conversation: Conversation) -> list[object]:
        self.asked.append((prefix, conversation))
        return self.offered


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    yield opened
    opened.close()


def test_hook_complete_mention(app: App) -> None:
    green, book = Mention("#Green", "Green", "7 files", "coffee"), Mention("@茶 经.pdf", "茶 经.pdf")
    teas = Teas(green, book)
    app.plugins.register("teas", teas)
    found = app.plugins.call_each("complete_mention", prefix="#gr", conversation=NEW)
    assert found == [("teas", green), ("teas", book)]
    assert teas.asked == [("#gr", NEW)]


@pytest.mark.expected_log
@pytest.mark.parametrize(
    "offered",
    [
        "#text",
        Mention("no mark", "x"),
        Mention("@", "x"),
        Mention("@ x", "x"),
        Mention("@x", " "),
        Mention("@two\nlines", "x"),
        Mention("@" + "x" * LONGEST, "x"),
    ],
)
def test_what_could_not_be_written_is_that_plugin_s_fault(app: App, offered: object) -> None:
    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    app.plugins.register("odd", Teas(offered))
    assert app.plugins.call_each("complete_mention", prefix="@", conversation=NEW) == []
    assert told and told[0].startswith("The plugin odd failed in complete_mention: ")
