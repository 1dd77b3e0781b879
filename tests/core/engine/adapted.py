"""An app whose library holds adapters made for the model at hand."""

from __future__ import annotations

from pathlib import Path

from teahouse.app import App
from teahouse.models.gguf import read_header
from tests.core.engine.test_reuse import house_in
from tests.core.models import loras


def adapted_house(home: Path, made: Path, starter: Path) -> App:
    """One with two adapters that each change a reply; their files are first written to `made`."""
    app = house_in(home)
    app.settings.set("engine.context", 1024)
    header = read_header(starter)
    for number, name in enumerate(("tea 茶", "milk"), 1):
        changes = loras.for_model(header, seed=number, size=0.05)
        app.adapters.add(loras.write(made / f"{number}.gguf", changes, architecture="qwen2"), name)
    return app
