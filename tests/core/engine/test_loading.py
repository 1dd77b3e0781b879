"""Why a model could not be loaded, in words: every kind of file, and too little memory (row 8, 16, 17)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.engine.sampling import Sampling
from teahouse.errors import ModelError, ModelFileError, OutOfMemory
from teahouse.events import Notice
from teahouse.jobs import Cancel, Job
from teahouse.workers.process import Worker
from tests.core.confined import confined
from tests.core.engine.opening import opened
from tests.core.models import ggufs

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")


def test_a_missing_file_is_named(app: App, tmp_path: Path) -> None:
    file = tmp_path / "gone.gguf"
    with pytest.raises(ModelError, match=r"gone\.gguf"):
        opened(app, str(file))


def test_a_truncated_file_is_named_with_what_is_missing(app: App, tmp_path: Path) -> None:
    file = ggufs.write(tmp_path / "half.gguf")
    file.write_bytes(file.read_bytes()[:-500])
    with pytest.raises(ModelFileError, match=r"half\.gguf.*bytes where its header needs") as caught:
        opened(app, str(file))
    assert "download it again" in caught.value.hint


def test_an_architecture_that_is_not_known_is_named(app: App, tmp_path: Path) -> None:
    file = ggufs.write(tmp_path / "未来.gguf", {**ggufs.CHAT, "general.architecture": "qwen99"})
    with pytest.raises(ModelFileError, match="“qwen99”") as caught:
        opened(app, str(file))
    assert str(file) in caught.value.text
    assert caught.value.data["architecture"] == "qwen99"
    assert not any(worker.is_alive for worker in app.workers._live)


def test_what_llama_cpp_refuses_is_told_in_its_own_words(app: App, tmp_path: Path) -> None:
    file = ggufs.write(tmp_path / "bare.gguf")  # an architecture it knows, without what that needs
    with pytest.raises(ModelFileError, match=r"bare\.gguf cannot be loaded: .{10,}") as caught:
        opened(app, str(file))
    assert "failed to load model" not in caught.value.text  # a reason, not its echo
    assert caught.value.hint


REFUSED = """
import sys
from teahouse.app import App
from teahouse.errors import ModelFileError
from tests.core.engine.opening import opened
app = App.open()
try:
    opened(app, sys.argv[1])
except ModelFileError as error:
    print(error.text)
app.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_a_file_without_permission_is_named(importable: None, tmp_path: Path) -> None:
    file = ggufs.write(tmp_path / "secret.gguf")
    file.chmod(0)
    done = subprocess.run(
        confined("-c", REFUSED, str(file)), capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "secret.gguf" in done.stdout
    assert "Permission denied" in done.stdout


@pytest.mark.gguf
def test_a_path_of_other_letters_is_no_obstacle(app: App, home: Path, starter: Path) -> None:
    file = home / "模型 Ж é 😀" / "茶 space.gguf"
    file.parent.mkdir()
    file.symlink_to(starter)
    assert opened(app, str(file)).context_length == 8192


@pytest.mark.gguf
def test_a_loaded_model_goes_on_without_its_file(app: App, starter: Path) -> None:
    """Also after a change of its settings, for which it would be loaded anew if it could be."""
    app.paths.models.mkdir(parents=True)
    link = app.paths.models / starter.name
    link.symlink_to(starter)
    [model] = [found for found in app.models.list() if found.path == link]
    engine = opened(app, model.name)
    link.unlink()
    assert opened(app, model.name) is engine
    app.settings.set("engine.context", 512, model=model.name)
    assert opened(app, model.name) is engine
    chat = app.store.create_conversation(model=model.name).id
    ended = Job("turn", take_turn(app, TurnRequest(chat, "Hello", max_tokens=2))).run(lambda _event: None)
    assert ended.error is None
    assert ended.result.text
    app.engines.unload(model.name)
    with pytest.raises(ModelError, match=r"not been downloaded|no model named"):
        opened(app, model.name)


# --- too little memory, for real ------------------------------------------------------------------


@pytest.fixture
def limited(app: App, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Give every child so many megabytes more than it has when it starts; returns the notices."""
    import resource

    real = app.workers.start

    def limit(megabytes: int, *, kind: int = resource.RLIMIT_DATA, field: str = "VmData") -> list[str]:
        def start(entry: str, **options: object) -> Worker:
            worker = real(entry, **options)  # type: ignore[arg-type]
            worker.call("facts")  # loads the libraries
            rows = Path(f"/proc/{worker.pid}/status").read_text("ascii").splitlines()
            [taken] = [int(row.split()[1]) << 10 for row in rows if row.startswith(field)]
            bound = taken + (megabytes << 20)
            resource.prlimit(worker.pid, kind, (bound, bound))  # type: ignore[attr-defined]
            return worker

        monkeypatch.setattr(app.workers, "start", start)
        return notices

    notices: list[str] = []
    app.events.listen(lambda event: notices.append(str(event)) if isinstance(event, Notice) else None)
    return limit


@linux
@pytest.mark.gguf
def test_a_context_that_does_not_fit_gets_smaller_until_it_does(
    app: App, starter: Path, limited: Callable[..., list[str]]
) -> None:
    notices = limited(240)
    done = Answered()
    question = Question(
        str(starter), ({"role": "user", "content": "Say hello."},), Sampling(temperature=0.0), max_tokens=8
    )
    list(answer(app.engines, question, Cancel(), done))
    assert done.text
    taken = done.engine
    assert taken["context"] < 8192
    told = [notice for notice in notices if "loaded again with less" in notice]
    assert told
    assert "tokens instead of 8192" in told[0]
    limits = app.engines.remembered[str(starter)][""]
    assert limits["context"] == (8192, taken["context"])
    app.engines.unload(str(starter))
    notices.clear()
    assert opened(app, str(starter)).config.context == taken["context"]
    assert not [notice for notice in notices if "loaded again" in notice]


@linux
@pytest.mark.gguf
@pytest.mark.parametrize(
    ("megabytes", "kind", "words"),
    [(70, "DATA", "for a context of 1024 tokens"), (300, "AS", "for the weights of")],
)
def test_what_fits_with_nothing_is_said_with_the_estimate(
    app: App, starter: Path, limited: Callable[..., list[str]], megabytes: int, kind: str, words: str
) -> None:
    import resource

    field = {"DATA": "VmData", "AS": "VmSize"}[kind]
    limited(megabytes, kind=getattr(resource, f"RLIMIT_{kind}"), field=field)
    with pytest.raises(OutOfMemory, match=words) as caught:
        opened(app, str(starter))
    assert "It takes about" in caught.value.text
    assert "GB weights" in caught.value.text
    assert caught.value.hint
    assert app.engines.loaded == []
    assert app.engines.remembered == {}
    assert not any(worker.is_alive for worker in app.workers._live)


@pytest.mark.gguf
@pytest.mark.parametrize(
    ("values", "is_quantized"),
    [
        ({"engine.kv_type": "q8_0"}, True),
        ({"engine.kv_type": "q4_0", "engine.flash_attention": "on"}, True),
        ({"engine.kv_type": "q8_0", "engine.flash_attention": "off"}, True),
        ({"engine.flash_attention": "off"}, False),
    ],
)
def test_cache_type_and_flash_attention_reach_llama_cpp(
    app: App, starter: Path, values: dict[str, str], is_quantized: bool
) -> None:
    for key, value in values.items():
        app.settings.set(key, value, model=str(starter))
    engine = opened(app, str(starter))
    assert (engine.config.kv_type != "f16") is is_quantized
    ids = engine.render([{"role": "user", "content": "Say hello."}]).ids
    steps = engine.generate(
        ids, sampling=Sampling(temperature=0.0), max_tokens=4, stop=(), cancel=Cancel(), conversation_id=""
    )
    assert any(event.get("text") for event in steps)


@pytest.mark.gguf
def test_a_model_under_another_name_has_its_own_settings(app: App, tmp_path: Path, starter: Path) -> None:
    first, second = tmp_path / "one.gguf", tmp_path / "two.gguf"
    for link in (first, second):
        link.symlink_to(starter)
    app.settings.set("engine.context", 512, model=str(first))
    app.settings.set("engine.batch", 32, model=str(first))
    assert opened(app, str(first)).config.batch == 32
    assert opened(app, str(first)).context_length == 512
    assert opened(app, str(second)).config.batch == 256
