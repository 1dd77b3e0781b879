"""Charts that panels share: lines over steps, walked through with keys and read aloud."""

from teahouse_desktop.charts.line_chart import LineChart
from teahouse_desktop.charts.series import Series

__all__ = ["LineChart", "Series"]
