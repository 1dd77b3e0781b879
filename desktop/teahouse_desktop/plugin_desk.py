"""placeholder, written next"""
from PySide6.QtCore import QObject


class PluginDesk(QObject):
    """x"""

    def __init__(self, place) -> None:
        super().__init__(place.window)
