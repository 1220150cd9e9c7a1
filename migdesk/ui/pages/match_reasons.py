"""Why something fits: each condition met, not met or not known, with what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.services.match_rows import Match
from migdesk.services.matches import Lack
from migdesk.services.matching import Fit, Reason
from migdesk.ui.recordview.parts import FlowLayout, button, clear, label, pill

SIGNS = {True: "✓", False: "✗", None: "?"}
TONES = {True: "done", False: "late", None: "waiting"}


def sign_of(fit: Fit) -> str:
    """How an offer fits, in a sign and a word."""
    state = False if fit.unmet else None if fit.unknown else True
    words = {False: _("does not fit"), None: _("may fit"), True: _("fits")}
    return f"{SIGNS[state]} {words[state]}"


class Reasons(QScrollArea):
    """The conditions of the offer that is chosen, and what can be done with it."""

    def __init__(self, begin: Callable[[], object], open: Callable[[], object]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QFrame()
        inside.setProperty("role", "card")
        box = QVBoxLayout(inside)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(8)
        self.title = label("", "section", wrap=True)
        self.about = label("", "muted", wrap=True)
        self.badges = FlowLayout()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(1, 1)
        self.begin_button = button("", begin, "primary")
        self.begin_button.setToolTip(_("Ctrl Enter"))
        self.open_button = button(_("Open"), open)
        row = FlowLayout(gap=8)
        row.addWidget(self.begin_button)
        row.addWidget(self.open_button)
        for part in (self.title, self.about):
            box.addWidget(part)
        box.addLayout(self.badges)
        box.addLayout(row)
        box.addLayout(self.grid)
        box.addStretch(1)
        self.setWidget(inside)
        self.hide()

    def show_match(self, match: Match, action: str) -> None:
        """An offer; `action` is what can be begun with it, "" for nothing."""
        self.title.setText(match.title)
        self.about.setText(match.about)
        clear(self.badges)
        fit = match.fit
        state = False if fit.unmet else None if fit.unknown else True
        self.badges.addWidget(pill(sign_of(fit), TONES[state]))
        if match.stale:
            self.badges.addWidget(pill(match.stale, "late"))
        self.begin_button.setText(action)
        self.begin_button.setVisible(bool(action))
        self.open_button.show()
        self.show_reasons(fit.reasons)
        self.show()

    def show_reasons(self, reasons: Sequence[Reason]) -> None:
        """Each condition: what is not met first, then what is not known."""
        clear(self.grid)
        if not reasons:
            self.grid.addWidget(label(_("No condition is noted."), "muted"), 0, 0, 1, 2)
        order = {False: 0, None: 1, True: 2}
        for row, reason in enumerate(sorted(reasons, key=lambda r: (r.wish, order[r.met]))):
            sign = label(SIGNS[reason.met], "strong", tone=TONES[reason.met])
            sign.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(sign, row, 0)
            self.grid.addWidget(_told(reason), row, 1)

    def show_lacks(self, lacks: Sequence[Lack]) -> None:
        """Why there is nobody: what those who have the skill do not meet."""
        self.title.setText(_("What they do not meet"))
        self.about.clear()
        clear(self.badges)
        clear(self.grid)
        self.begin_button.hide()
        self.open_button.hide()
        for row, lack in enumerate(lacks):
            number = ngettext("{n} person", "{n} people", lack.unmet).format(n=lack.unmet)
            self.grid.addWidget(label(lack.words, wrap=True), row, 1)
            self.grid.addWidget(label(number, "muted"), row, 2)
        self.show()


def _told(reason: Reason) -> QWidget:
    """A condition in words, and what is known."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    words = _("{condition} (a preference)") if reason.wish else "{condition}"
    box.addWidget(label(words.format(condition=reason.words), wrap=True))
    box.addWidget(label(_("Known: {what}").format(what=reason.remark), "caption", wrap=True))
    state = {True: _("met"), False: _("not met"), None: _("not known")}[reason.met]
    made.setAccessibleName(f"{reason.words}: {state}. {reason.remark}")
    return made
