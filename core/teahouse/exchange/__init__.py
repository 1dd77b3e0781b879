"""Conversations out of the house and into it: files to read, to keep, to train on, to move.

`export` and `import_files` are the doors. Writing: `formats` names `own` (lossless, docs/exchange.md),
`markdown`, `page` (HTML) and `pairs` (for training); `targets` makes files that are whole or not there.
Reading: `sources` opens, `elements` cuts, `chatgpt`, `openwebui`, `sharegpt` and `own_reading` understand,
`tree` builds, `fields` doubts every value.
"""

from teahouse.exchange.exporting import export
from teahouse.exchange.formats import EXPORTS, ExportFormat
from teahouse.exchange.importing import import_files
from teahouse.exchange.values import ExchangeProgress, ExportReport, ImportReport, Skipped

__all__ = [
    "EXPORTS",
    "ExchangeProgress",
    "ExportFormat",
    "ExportReport",
    "ImportReport",
    "Skipped",
    "export",
    "import_files",
]
