"""A hub with repositories of models, as Hugging Face answers."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.core.models.sources import COMMIT, Hub

REPOSITORY = "tea/Tiny-GGUF"


def row(repository: str = REPOSITORY, **changes: Any) -> dict[str, Any]:
    """A repository in an answer to a search."""
    return {
        "_id": "0",
        "id": repository,
        "downloads": 1234,
        "likes": 5,
        "gated": False,
        "lastModified": "2026-03-01T12:00:00.000Z",
        "cardData": {"license": "apache-2.0", "language": ["en", "zh", "English!"]},
        "gguf": {"total": 494_032_768, "architecture": "qwen2", "context_length": 32768},
        **changes,
    }


def sibling(path: str, content: bytes, **changes: Any) -> dict[str, Any]:
    """A file in the answer about a repository."""
    digest = hashlib.sha256(content).hexdigest()
    lfs = {"sha256": digest, "size": len(content), "pointerSize": 134}
    return {"rfilename": path, "size": len(content), "blobId": "0", "lfs": lfs, **changes}


def offer(hub: Hub, files: dict[str, bytes], repository: str = REPOSITORY, **changes: Any) -> None:
    """Let the hub find and have this repository."""
    siblings = [sibling(path, content) for path, content in files.items()]
    siblings.append({"rfilename": "README.md", "size": 10})
    about = row(repository, sha=COMMIT, siblings=siblings, **changes)
    hub.answers.setdefault("/api/models", []).append(row(repository, **changes))
    hub.answers[f"/api/models/{repository}"] = about
    for path, content in files.items():
        hub.files[f"/{repository}/resolve/{COMMIT}/{path}"] = content
