"""Pictures of the real window: `python -m teahouse_desktop.screenshots FOLDER --set pages`.

Opens the app of `TEAHOUSE_HOME` on the current display, goes to every page or into every state, and saves
what is to be seen as `<name>-<theme>-<language>.png`. Everything on the pictures has happened: a model was
asked, a child was ended, a download was refused.

    stage    waiting, asking, grabbing
    pages    the pages, windows and menus of an app with a model
    states   what people meet besides: needs `TEAHOUSE_DEV=1` for the echo back end and its faults
    bare     an app without any model
    gallery  small files, and one page that shows them all
"""

from __future__ import annotations

from teahouse_desktop.screenshots.taking import main

__all__ = ["main"]
