"""`python -m teahouse_desktop.screenshots`."""

import sys

from teahouse_desktop.screenshots.taking import main

sys.exit(main())
