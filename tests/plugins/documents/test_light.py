"""What the app's own process loads of the plugin: numbers are the children's work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "chromadb", "lxml", "pypdfium2", "watchfiles", "docx", "pptx")

CODE = """
import json, sys
from dataclasses import replace
from teahouse.app import App
from teahouse_documents.library import Library
from teahouse_documents.options import options_of
app = App.open()
library = Library.of(app)
library.create_collection("Tea")
library.search("tea")
chat = app.store.create_conversation()
leaf = app.store.add_message(chat.id, "user", "What is tea?")
chat = replace(chat, leaf_id=leaf.id, settings={"documents.collections": "*"})
[(_name, found)] = app.plugins.call_each("retrieve_context", query="And when?", conversation=chat)
assert found.notice, found
library.status()
library.problems()
options_of(app)
library.close()
app.close()
print(json.dumps(sorted(sys.modules)))
"""


def test_the_apps_process_loads_nothing_heavy(home: Path) -> None:
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "teahouse_documents.options" in loaded
    assert [name for name in HEAVY if name in loaded] == []
