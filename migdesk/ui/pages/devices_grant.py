"""What a device is called, may do and receives: the form of an enrolment and of a change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from migdesk import codelists
from migdesk.errors import Fault
from migdesk.i18n import N_, _
from migdesk.models import Field
from migdesk.models.kinds import BadValue, Links
from migdesk.services import devices
from migdesk.services.devices import DeviceView
from migdesk.services.enrolment import Grant
from migdesk.services.registry import COMPARTMENTS, Scope
from migdesk.ui.desk import Desk
from migdesk.ui.gate import add_field
from migdesk.ui.recordview.editors import FieldBox
from migdesk.ui.theme import px
from migdesk.ui.widgets import label

from .pieces import flowing, key_button

SHOWN_FORMS = 5


class GrantForm(QWidget):
    """Name, role, what it receives, who sends it that; `done` gets what was chosen."""

    def __init__(
        self, desk: Desk, done: Callable[[Grant], object], away: Callable[[], object]
    ) -> None:
        super().__init__()
        self.desk = desk
        self._done = done
        self._holder = False
        self.name = QLineEdit()
        self.role = QComboBox()
        for item in codelists.get("roles"):
            self.role.addItem(item.label(), item.code)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        add_field(column, _("Name of the device"), self.name)
        add_field(column, _("Role of the person who works with it"), self.role)
        self._build_scope(column)
        self.feeder = QComboBox()
        add_field(column, _("Sent to it by"), self.feeder)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.save_button = key_button(_("Continue"), self.save, role="primary")
        self.away_button = key_button(_("Cancel"), away, role="flat")
        column.addLayout(flowing(self.save_button, self.away_button))
        self.role.currentIndexChanged.connect(self._on_role)

    def _build_scope(self, column: QVBoxLayout) -> None:
        column.addWidget(label(_("It receives"), "section"))
        self.all = QRadioButton(_("everything of the office"))
        self.some = QRadioButton(_("only what belongs to its work:"))
        self.all.setChecked(True)
        self.narrow = QWidget()
        inner = QVBoxLayout(self.narrow)
        inner.setContentsMargins(px(24), 0, 0, 0)
        self.places = FieldBox(
            self.desk, Field("places", Links(to="place"), N_("Places, with all below them"))
        )
        inner.addWidget(self.places)
        self.forms = QListWidget()
        add_field(inner, _("Questionnaires (space chooses)"), self.forms)
        self.compartments = {
            code: QCheckBox(str(words)) for code, words in COMPARTMENTS.items()
        }
        inner.addWidget(label(_("Also, if they lie in these places"), "label"))
        for box in self.compartments.values():
            inner.addWidget(box)
        for part in (self.all, self.some, self.narrow):
            column.addWidget(part)
        self.narrow.hide()
        self.some.toggled.connect(self.narrow.setVisible)

    def _on_role(self) -> None:
        """An enumerator's device receives its own work unless somebody says otherwise."""
        (self.some if self.role.currentData() == "enumerator" else self.all).setChecked(True)

    def show_device(
        self, device: DeviceView | None, name: str, found: list[DeviceView]
    ) -> None:
        """Fill in a device that is changed, or begin a new one with this name. `found` are
        the devices that may feed it."""
        self.error.clear()
        self.name.setText(device.name if device else name)
        role = device.role if device else "enumerator"
        self.role.setCurrentIndex(max(self.role.findData(role), 0))
        self._on_role()
        self._holder = bool(device and device.holder)
        scope = device.scope if device else Scope(self.all.isChecked())
        (self.all if scope.everything else self.some).setChecked(True)
        self.places.set_value(list(scope.places) or None)
        for code, box in self.compartments.items():
            box.setChecked(code in scope.compartments)
        self.feeder.clear()
        self.feeder.addItem(_("any computer of the office"), "")
        for each in found:
            self.feeder.addItem(each.name, each.line)
        self.feeder.setCurrentIndex(
            max(self.feeder.findData(device.fed_by if device else ""), 0)
        )
        chosen = set(scope.questionnaires)
        self.desk.runner.read(
            devices.forms, then=lambda forms: self._on_forms(forms, chosen), owner=self
        )
        self.name.setFocus()
        self.name.selectAll()

    def _on_forms(self, forms: tuple[tuple[str, str], ...], chosen: set[str]) -> None:
        self.forms.clear()
        for form, title in forms:
            item = QListWidgetItem(title, self.forms)
            item.setData(Qt.ItemDataRole.UserRole, form)
            on = Qt.CheckState.Checked if form in chosen else Qt.CheckState.Unchecked
            item.setCheckState(on)
        lines = min(max(len(forms), 1), SHOWN_FORMS)
        self.forms.setFixedHeight(lines * (self.fontMetrics().lineSpacing() + px(12)) + px(8))

    def scope(self) -> Scope:
        """What is chosen. Raises BadValue."""
        if self.all.isChecked():
            return Scope(True)
        items = [self.forms.item(row) for row in range(self.forms.count())]
        forms = [i for i in items if i.checkState() == Qt.CheckState.Checked]
        return Scope(
            False,
            tuple(self.places.value() or ()),
            tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in forms),
            tuple(code for code, box in self.compartments.items() if box.isChecked()),
        )

    def save(self) -> None:
        """Hand over what is chosen, or say what is missing."""
        try:
            grant = Grant(
                self.name.text(),
                str(self.role.currentData()),
                self.scope(),
                str(self.feeder.currentData() or ""),
                self._holder,
            ).checked()
        except BadValue as bad:
            self.places.say(bad.words)
            return
        except Fault as fault:
            self.error.setText(fault.words)
            return
        self.error.clear()
        self._done(grant)
