"""What to know of an appointment before it is saved: who else is expected, what hour it is
for the person, times that do not suit."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from migdesk.i18n import _
from migdesk.models.kinds import BadValue
from migdesk.services import agenda
from migdesk.services.agenda import USUAL, Remark, Wanted
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import label, set_property

from .fields import Fields


class AppointmentNotes(QFrame):
    """A bar under the fields of an appointment. Two in one room or with one adviser are held
    back once, so that nobody books over another without having read it."""

    def __init__(self, desk: Desk, fields: Fields) -> None:
        super().__init__()
        self.desk, self.fields = desk, fields
        self.said: tuple[Remark, ...] = ()
        self._asked: Wanted | None = None
        self._held: Wanted | None = None
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label("", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 8)
        box.addWidget(self.words)
        self.hide()

    def wanted(self, person: str) -> Wanted | None:
        """The appointment as it stands in the fields; None for none, or one half typed."""
        try:
            values = {
                name: self.fields[name].editor.value()
                for name in ("appointment", "minutes", "room", "adviser", "callback")
            }
        except BadValue:
            return None
        if not values["appointment"]:
            return None
        return Wanted(
            values["appointment"],
            values["minutes"] or USUAL,
            values["room"] or "",
            values["adviser"] or "",
            person,
            bool(values["callback"]),
        )

    def look(self, person: str) -> None:
        """Read what there is to say, if the appointment is another one than before."""
        wanted = self.wanted(person)
        if wanted == self._asked:
            return
        self._asked = wanted
        self._show(())
        if wanted is not None:
            self.desk.runner.read(
                agenda.remarks,
                wanted,
                then=lambda said: self._show(said) if wanted == self._asked else None,
                owner=self,
            )

    def _show(self, said: tuple[Remark, ...]) -> None:
        self.said = said
        lines = [remark.words for remark in said]
        held = self._held is not None and self._held == self._asked
        if held and self.clash:
            lines.append(_("Save once more to keep this time all the same."))
        self.words.setText("\n".join(lines))
        set_property(self, "tone", "waiting" if self.clash else "")
        set_property(self.words, "tone", "waiting" if self.clash else "")
        self.setVisible(bool(said))

    @property
    def clash(self) -> bool:
        """Whether somebody else is expected there at that time."""
        return any(remark.clash for remark in self.said)

    def holds(self, person: str) -> bool:
        """Whether a save has to wait: it would book over another, and that was not said at
        a save before. Said now, the next save goes through."""
        self.look(person)
        wanted = self.wanted(person)
        if not self.clash or wanted is None or wanted == self._held:
            return False
        self._held = wanted
        self._show(self.said)
        self.fields["appointment"].editor.setFocus()
        QTimer.singleShot(0, self, self._come_into_view)  # once it has its height
        return True

    def _come_into_view(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)
