"""What the tests of plugins share."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # pytest-qt makes its QApplication before any fixture runs
