"""Dates as people say them, near ones by their distance."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from teahouse_desktop.language.languages import translate


def relative_date(moment_ms: int, *, now_ms: int) -> str:
    """A time today, “Yesterday”, a weekday within the week, else the date; in the language in force.

    Args:
        moment_ms: UTC milliseconds.
        now_ms: The present, likewise.
    """
    locale = QLocale()
    moment, now = (QDateTime.fromMSecsSinceEpoch(ms) for ms in (moment_ms, now_ms))
    days = moment.date().daysTo(now.date())
    if days <= 0:
        return locale.toString(moment.time(), "HH:mm")
    if days == 1:
        return translate("Dates", "Yesterday")
    if days < 7:
        return locale.dayName(moment.date().dayOfWeek(), QLocale.FormatType.ShortFormat)
    if moment.date().year() == now.date().year():
        # Translators: the date within this year, in Qt's format letters.
        return locale.toString(moment.date(), translate("Dates", "d MMM"))
    return locale.toString(moment.date(), translate("Dates", "d MMM yyyy"))


def size_in_words(size_bytes: int) -> str:
    """A size in decimal units, as download pages give it."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(size_bytes, 0 if size_bytes < 10**9 else 1, form)
