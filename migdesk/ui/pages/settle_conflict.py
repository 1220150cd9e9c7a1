"""One conflict: both values with who, when and where, and the history of the field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.services import settle
from migdesk.services.settle import ConflictView, Keep, Side
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write, only_read
from migdesk.ui.widgets import Card, ElidedLabel, Row, RowList, label, set_property

from .pieces import GAP, flowing, key_button

SHORT = 48
KEYS: dict[str, Keep] = {"1": "left", "2": "right", "3": "both"}


def whose(side: Side, names: Mapping[str, str]) -> str:
    """Who wrote a value, on which computer, when."""
    parts = (side.who, names.get(side.device, ""), show_moment(side.at))
    return " · ".join(filter(None, parts))


class SideCard(Card):
    """One of the two values, with who wrote it, where and when. `kept` says that a person
    wants it; the second card also offers to keep both, where the field has room."""

    kept = Signal(str)

    def __init__(self, side: Side, by: str, keep: Keep, both: bool) -> None:
        super().__init__()
        first = keep == "left"
        if len(side.value) <= SHORT and "\n" not in side.value:
            self.body.addWidget(label(side.value, "heading", wrap=True))
        else:
            text = QPlainTextEdit(side.value)
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            self.body.addWidget(text)
        self.body.addWidget(label(by, "muted", wrap=True))
        self.body.addStretch(1)
        self.button = key_button(
            _("Keep this one"),
            partial(self.kept.emit, keep),
            "1" if first else "2",
            "primary" if first else "",
        )
        self.button.setAccessibleDescription(side.value)
        self.ways = [self.button]
        if both:
            self.ways.append(key_button(_("Keep both"), partial(self.kept.emit, "both"), "3"))
        self.body.addLayout(flowing(*self.ways))
        set_property(self, "chosen", first)


class ConflictCard(Card):
    """One conflict: both sides, what stood there before, the way to the record.

    `decided(decision, words)`: a service to carry out, and what to say of it.
    """

    decided = Signal(object, str)

    def __init__(self, view: ConflictView, names: Mapping[str, str], desk: Desk) -> None:
        super().__init__(f"{view.label} · {view.title}")
        self.view = view
        self.desk = desk
        self.may = may_write(desk, view.kind)
        self.title.setWordWrap(True)
        if not self.may:
            self.body.addWidget(label(only_read(desk, view.kind), "error", wrap=True))
        sides: tuple[tuple[Keep, Side, bool], ...] = (
            ("left", view.left, False),
            ("right", view.right, view.can_both),
        )
        self.sides = {
            keep: SideCard(side, whose(side, names), keep, both) for keep, side, both in sides
        }
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for each in self.sides.values():
            each.kept.connect(self.decide)
            for way in each.ways:
                way.setEnabled(self.may)
            row.addWidget(each, 1)
        self.body.addLayout(row)
        if view.more:
            words = ngettext(
                "{n} other value is asked about afterwards.",
                "{n} other values are asked about afterwards.",
                view.more,
            )
            self.body.addWidget(label(words.format(n=view.more), "muted", wrap=True))
        before = _("Before: {value}").format(value=view.before or _("(empty)"))
        foot = QHBoxLayout()
        foot.addWidget(ElidedLabel(before, "muted"), 1)
        what = _("Open {kind}").format(kind=str(RECORDS[view.kind].label).lower())
        opened = key_button(what, self.open, role="link")
        opened.setToolTip("O")
        foot.addWidget(opened)
        self.body.addLayout(foot)
        self._show_past(names)

    def _show_past(self, names: Mapping[str, str]) -> None:
        """The history of the field, both sides marked in it."""
        if not self.view.past:
            return
        self.body.addWidget(label(_("History of this field"), "caption"))
        marks = {self.view.left.stamp: "1", self.view.right.stamp: "2"}
        self.past = RowList(
            [
                Row(
                    " ".join(side.value.split()),
                    whose(side, names),
                    end=marks.get(side.stamp, ""),
                    end_tone="accent",
                )
                for side in self.view.past
            ]
        )
        self.body.addWidget(self.past)

    @property
    def first(self) -> QWidget:
        """The button that the keyboard begins at."""
        return self.sides["left"].button

    def open(self) -> None:
        """Go to the record."""
        self.desk.open(self.view.kind, self.view.row)

    def press(self, key: str) -> None:
        """A digit decides."""
        if self.may and key in KEYS and (key != "3" or self.view.can_both):
            self.decide(KEYS[key])

    def decide(self, keep: Keep) -> None:
        """Keep a side; the other one stays in the history."""
        kept = {"left": self.view.left.value, "right": self.view.right.value}.get(keep, "")
        words = (
            _("Kept: {value}. The other value stays in the history.").format(value=short(kept))
            if kept
            else _("Both values are kept.")
        )
        self.decided.emit(partial(_settle, self.view.id, keep), words)


def _settle(id: str, keep: Keep, session: object) -> None:
    """A decision as a service: the session comes last, from the store."""
    settle.settle(session, id, keep)  # type: ignore[arg-type]


def short(value: str) -> str:
    """A value short enough for one line of a message."""
    line = " ".join(value.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
