"""`python packaging/bench [MEASUREMENT …]`: what `make bench` calls."""

import sys
from pathlib import Path

# Run as a folder, sys.path starts inside the package; it must start at its parent.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.command import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
