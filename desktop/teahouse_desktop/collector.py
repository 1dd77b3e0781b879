"""When Python looks for cycles of garbage: seldom, and never through what the window is made of.

Each look stops every thread. With the interpreter's own numbers thousands of new messages cause several
looks over all objects of the app, a third of the time that it takes to open a long conversation.
"""

from __future__ import annotations

import gc

THRESHOLDS = (10_000, 20, 20)
"""New objects before a look at them; such looks before one at the younger half; those before one at all."""


def pause() -> None:
    """The window is being made: what is made now stays."""
    gc.disable()


def settle() -> None:
    """The window is made: from now on look for garbage among what is new."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
