"""Conversations as one HTML page: escaped, nothing in it runs, nothing is fetched from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import escape

from teahouse.exchange.writing import (
    attachments_of,
    models_of,
    moment,
    speaker,
    texts_of,
    title_of,
    visible,
)
from teahouse.language import _, active
from teahouse.messages import Message, WholeConversation

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""By their first bytes: what an attachment says about its type is not believed. SVG, which can hold more than
a picture, is not among them."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root { color-scheme: light dark; --back: #fbfaf7; --text: #23211d; --faint: #6b665c; --line: #ddd8cc;
  --mine: #f0ece1; --code: #f3f0e8; }
@media (prefers-color-scheme: dark) { :root { --back: #1d1c1a; --text: #e9e5db; --faint: #a29b8d;
  --line: #3a3833; --mine: #292722; --code: #262420; } }
body { background: var(--back); color: var(--text); margin: 0 auto; padding: 2rem 1.25rem 4rem;
  max-width: 46rem;
  font: 1rem/1.6 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: .85rem; margin: 0 0 .35rem; color: var(--faint); font-weight: 600; }
time { color: var(--faint); font-size: .85rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article.user { background: var(--mine); border: 0; border-radius: .6rem; padding: .75rem 1rem;
  margin: 1rem 0; }
article.user + article { border-top: 0; }
.text, pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem;
  margin: .6rem 0; font: .875rem/1.5 ui-monospace, "Noto Sans Mono", "Noto Sans Mono CJK SC", monospace; }
details { color: var(--faint); margin: 0 0 .6rem; } summary { cursor: pointer; }
.error { border-left: 3px solid #b3541e; padding-left: .75rem; } .file { color: var(--faint); }
img { max-width: 100%; border-radius: .4rem; }
@media print { article { break-inside: avoid; } }
"""
_FENCE = re.compile(r"^(`{3,})[^`\n]*\n(.*?)(?:^\1`*[ \t]*$\n?|\Z)", re.MULTILINE | re.DOTALL)


def write(given: WholeConversation) -> Iterator[str]:
    """One page."""
    title = escape(title_of(given))
    yield (
        f'<!DOCTYPE html>\n<html lang="{active().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
        f"<time>{moment(given.conversation.created_ms)}</time>\n</header>\n<main>\n"
    )
    if given.conversation.system_prompt:
        yield f'<article class="system">\n<h2>{escape(_("System"))}</h2>\n'
        yield f"{_text(given.conversation.system_prompt)}</article>\n"
    models = models_of(given)
    for message in visible(given):
        yield from _message(message, speaker(message, models), given.attachments)
    yield "</main>\n</body>\n</html>\n"


def _message(message: Message, who: str, files: dict[str, bytes]) -> Iterator[str]:
    yield f'<article class="{escape(message.role)}">\n<h2>{escape(who)}</h2>\n'
    if reasoning := texts_of(message, "reasoning"):
        yield f"<details>\n<summary>{escape(_('Reasoning'))}</summary>\n{_text(reasoning)}</details>\n"
    yield _text(message.text)
    for file in attachments_of(message):
        yield _picture(files.get(file.hash, b""), file.name)
    if error := texts_of(message, "error"):
        yield f'<div class="error">{_text(error)}</div>\n'
    yield "</article>\n"


def _text(text: str) -> str:
    """Fenced code as blocks, all else as it was typed."""
    pieces: list[str] = []
    at = 0
    for fence in _FENCE.finditer(text):
        pieces += [_plain(text[at : fence.start()]), f"<pre><code>{_escaped(fence[2])}</code></pre>\n"]
        at = fence.end()
    return "".join([*pieces, _plain(text[at:])])


def _plain(text: str) -> str:
    stripped = text.strip("\n")
    return f'<div class="text">{_escaped(stripped)}</div>\n' if stripped else ""


def _escaped(text: str) -> str:
    # HTML has no way to say NUL.
    return escape(text.replace("\0", "\ufffd"))


def _picture(data: bytes, name: str) -> str:
    kind = next((kind for magic, kind in PICTURES.items() if data.startswith(magic)), "")
    if not kind:
        return f'<p class="file">{_escaped(_("Attached: {name}").format(name=name))}</p>\n'
    encoded = base64.b64encode(data).decode()
    return f'<p><img alt="{_escaped(name)}" src="data:{kind};base64,{encoded}"></p>\n'
