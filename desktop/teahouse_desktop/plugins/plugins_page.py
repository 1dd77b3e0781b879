"""The page of plugins: those here, and a gallery of others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.sectioned_page import SectionedPage
from teahouse_desktop.plugins.gallery_section import GallerySection
from teahouse_desktop.plugins.own_plugins import OwnPlugins
from teahouse_desktop.plugins.page_operations import PluginsRead
from teahouse_desktop.widgets.cards import make_button, make_label

OWN, GALLERY = "own", "gallery"


class PluginsPage(SectionedPage):
    """Two sections, one at a time.

    Signals:
        file_requested: A file is to be chosen and installed.
        file_given: A wheel that was dropped on the page.
        load_requested: The plugins are to be loaded in spite of safe mode.
        restart_requested: Teahouse is to be started again.
    """

    file_requested = Signal()
    file_given = Signal(object)
    load_requested = Signal()
    restart_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.own, self.gallery = OwnPlugins(look), GallerySection(look)
        super().__init__({OWN: self.own, GALLERY: self.gallery}, look, parent)
        self._read: PluginsRead | None = None
        self._restarts: Mapping[str, str] = {}
        self.install = make_button(self.file_requested.emit)
        self.safe, self.load = _Bar(self), make_button(self.load_requested.emit)
        self.again, self.restart = _Bar(self), make_button(self.restart_requested.emit, "primary")
        self._problem = make_label("danger")
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._problem.hide()
        self.own.file_requested.connect(self.file_requested)
        self.own.gallery_requested.connect(lambda: self.show_section(GALLERY, has_focus=True))
        self.setAcceptDrops(True)
        self._lay_out()

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("Plugins")

    def show_plugins(self, read: PluginsRead) -> None:
        """Show what was read."""
        self._read = read
        self.own.show_plugins(read)
        self.gallery.show_read(read)
        self.retranslate()

    def show_restarts(self, versions: Mapping[str, str]) -> None:
        """New versions of plugins that run once Teahouse is started again, by the plugins' names."""
        self._restarts = dict(versions)
        self.retranslate()

    # --- a page -------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        read = self._read
        self.install.setText(self.tr("Install from a file …"))
        self.install.setToolTip(self.tr("A wheel (.whl) can also be dropped on this page"))
        self.install.setEnabled(read is None or not read.problem)
        self._say_tabs()
        self._problem.setText(read.problem if read else "")
        self._problem.setVisible(bool(self._problem.text()))
        self.safe.label.setText(self.tr("Safe mode: no plugin runs. Nothing about your plugins was changed."))
        self.safe.setVisible(read is not None and read.is_safe_mode)
        self.load.setText(self.tr("Load the plugins"))
        text = self.tr("{name} {version} is used once Teahouse is started again.")
        said = (text.format(name=name, version=version) for name, version in self._restarts.items())
        self.again.label.setText("\n".join(said))
        self.again.setVisible(bool(self._restarts))
        self.restart.setText(self.tr("Start again"))
        self.restart.setAccessibleName(self.tr("Start Teahouse again"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A wheel can be dropped."""
        if dropped_wheels(event.mimeData()) and self.install.isEnabled():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The first wheel."""
        if files := dropped_wheels(event.mimeData()):
            event.acceptProposedAction()
            self.file_given.emit(files[0])
        else:
            super().dropEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _say_tabs(self) -> None:
        count, here = len(self._read.plugins) if self._read else 0, self.tr("On this computer")
        counted = self.tr("{title} ({count})").format(title=here, count=count)
        self.name_tabs({OWN: counted if count else here, GALLERY: self.tr("Gallery")})

    def _lay_out(self) -> None:
        self.head.addWidget(self.install)
        self.safe.take(self.load)
        self.again.take(self.restart)
        for widget in (self._problem, self.safe, self.again):
            self.body.addWidget(widget)
        self.body.addWidget(self.tab_row)
        self.body.addWidget(self.stack, 1)


class _Bar(QFrame):
    """A notice with a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.label = make_label()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 6)
        self._row.addWidget(self.label, 1)
        self.hide()

    def take(self, button: QWidget) -> None:
        """Put the button behind the words."""
        self._row.addWidget(button)


def dropped_wheels(data: QMimeData) -> list[Path]:
    """The wheels of this machine in what is dragged."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == ".whl"]
