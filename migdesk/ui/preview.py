"""A document before it is printed: its pages, zoom, language, printer, PDF file."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QIcon,
    QImage,
    QKeySequence,
    QPageLayout,
    QPageSize,
    QPainter,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Obstacle
from migdesk.i18n import LANGUAGES, N_, _
from migdesk.paths import write_whole
from migdesk.printing.raster import count_pages, draw_page
from migdesk.ui.asker import Asker
from migdesk.ui.widgets import Button, PrimaryButton, label

ZOOMS = (50, 75, 100, 125, 150, 200, 300)
SCREEN_DPI, THUMB_DPI, PRINTER_DPI = 96, 14, 300


class CannotSave(Obstacle):
    """The chosen place refuses the file."""

    code = "PRV-001"
    text = N_("The file could not be written. Choose another folder, or free some space.")


class Preview(QDialog):
    """Shows PDF bytes. `language_wanted(code)` when the document is wanted in another
    language; this preview then closes. Nothing is written to disk unless asked for."""

    language_wanted = Signal(str)

    def __init__(
        self,
        asker: Asker,
        title: str,
        name: str,
        data: bytes,
        language: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(960, 680)
        self._asker, self._name, self._data = asker, name, data
        self.pages = count_pages(data)
        self.zoom = 100
        self.list = QListWidget()
        self.list.setAccessibleName(_("Pages"))
        self.list.setIconSize(QSize(120, 170))
        self.list.setFixedWidth(176)
        self.paper = QLabel()
        self.paper.setProperty("role", "paper")
        self.paper.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = QScrollArea()
        self.area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.area.setWidget(self.paper)
        self._lay_out(title, language)
        self._fill_list()
        self.list.currentRowChanged.connect(lambda _row: self._draw())
        self.list.setCurrentRow(0)
        self.printing.setDefault(True)
        self.printing.setFocus()

    def _lay_out(self, title: str, language: str) -> None:
        self.languages = QComboBox()
        self.languages.setAccessibleName(_("Language of the document"))
        for code in ("fr", "en"):
            self.languages.addItem(LANGUAGES[code], code)
        self.languages.setCurrentIndex(self.languages.findData(language))
        self.languages.activated.connect(self._on_language)
        self.smaller = Button("−", lambda: self.step_zoom(-1), shortcut="Ctrl+-")
        self.smaller.setAccessibleName(_("Smaller"))
        self.larger = Button("+", lambda: self.step_zoom(1), shortcut="Ctrl++")
        self.larger.setAccessibleName(_("Larger"))
        self.percent = label("100 %", "muted")
        self.save = Button(_("Save as PDF"), self.save_file, key=_("Ctrl S"), shortcut="Ctrl+S")
        self.printing = PrimaryButton(_("Print"), self.print_out, key=_("Ctrl P"))
        self.printing.setShortcut(QKeySequence("Ctrl+P"))
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(label(title, "title"), 1)
        for part in (self.languages, self.smaller, self.percent, self.larger, self.save):
            tools.addWidget(part)
        tools.addWidget(self.printing)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.list)
        middle.addWidget(self.area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addLayout(middle, 1)

    def _fill_list(self) -> None:
        for number in range(1, self.pages + 1):
            item = QListWidgetItem(str(number), self.list)
            item.setToolTip(_("Page {n} of {total}").format(n=number, total=self.pages))
        QTimer.singleShot(0, self, lambda: self._thumb(0))

    def _thumb(self, index: int) -> None:
        """One small picture at a time, so that the keys answer in between."""
        if index < self.pages:
            small, icon = self._pixmap(index, THUMB_DPI), QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(small, mode)
            self.list.item(index).setIcon(icon)
            QTimer.singleShot(0, self, lambda: self._thumb(index + 1))

    def _pixmap(self, index: int, dpi: float) -> QPixmap:
        return QPixmap.fromImage(self._image(index, dpi))

    def _image(self, index: int, dpi: float) -> QImage:
        page = draw_page(self._data, index, dpi)
        form = QImage.Format.Format_RGBA8888
        return QImage(page.rgba, page.width, page.height, page.width * 4, form).copy()

    def _draw(self) -> None:
        index = max(self.list.currentRow(), 0)
        sharp = self.devicePixelRatioF()
        picture = self._pixmap(index, SCREEN_DPI * self.zoom / 100 * sharp)
        picture.setDevicePixelRatio(sharp)
        self.paper.setPixmap(picture)
        self.paper.setAccessibleName(
            _("Page {n} of {total}").format(n=index + 1, total=self.pages)
        )
        self.paper.adjustSize()
        self.percent.setText(_("{n} %").format(n=self.zoom))

    def fit(self) -> None:
        """The largest step at which a page is seen in its whole width."""
        wide = draw_page(self._data, 0, 24).width * SCREEN_DPI / 24
        room = self.area.viewport().width() - 4
        self.zoom = max((z for z in ZOOMS if wide * z / 100 <= room), default=ZOOMS[0])
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def step_zoom(self, step: int) -> None:
        """One step larger or smaller."""
        place = ZOOMS.index(self.zoom) + step
        self.zoom = ZOOMS[max(0, min(place, len(ZOOMS) - 1))]
        self._draw()

    def save_file(self) -> None:
        """Write the PDF where the person says."""
        path = self._asker.save_file(_("Save as PDF"), self._file_name(), "PDF (*.pdf)")
        if path is None:
            return
        try:
            write_whole(path, self._data)
        except OSError:
            self._asker.fault(CannotSave(), self.save_file)
        else:
            self._asker.tell(_("Saved: {name}").format(name=path.name))

    def _file_name(self) -> str:
        """The title of the document and the day: what a person looks for in a folder."""
        name = re.sub(r'[\\/:*?"<>|]+', " ", f"{self.windowTitle()} {date.today()}")
        return f"{' '.join(name.split())}.pdf"

    def print_out(self) -> None:
        """Ask for a printer, and print at 300 dpi."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(PRINTER_DPI)
        first = draw_page(self._data, 0, 72)
        size = QPageSize(QSize(first.width, first.height))
        printer.setPageSize(size)
        if first.width > first.height:
            printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        printer.setDocName(self._name)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self.pages)
        if dialog.exec():
            self.paint_on(printer)

    def paint_on(self, printer: object) -> None:
        """Paint the pages chosen on a printer (any paged paint device of Qt)."""
        first = printer.fromPage() or 1  # type: ignore[attr-defined]
        last = printer.toPage() or self.pages  # type: ignore[attr-defined]
        painter = QPainter(printer)  # type: ignore[call-overload]
        for index in range(first - 1, min(last, self.pages)):
            if index > first - 1:
                printer.newPage()  # type: ignore[attr-defined]
            image = self._image(index, PRINTER_DPI)
            room = painter.viewport().toRectF()
            size = image.size().toSizeF()
            size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(room.topLeft(), size), image)
        painter.end()

    def _on_language(self) -> None:
        self.language_wanted.emit(str(self.languages.currentData()))
        self.close()
