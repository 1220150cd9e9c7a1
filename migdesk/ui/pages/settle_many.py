"""Many conflicts at once: which rule, on what; how many, and a sample, before anything."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton

from migdesk.i18n import N_, _, ngettext
from migdesk.services import settle_many
from migdesk.services.conflict_list import Wanted
from migdesk.services.settle_many import RULES, Line, Plan, Rule
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, KeyHint, Row, RowList, label

from .pieces import flowing, key_button

WORDS = {
    "full": N_("One side is empty: keep the other"),
    "alike": N_("Only capitals, accents or spaces differ: keep the better one"),
    "newer": N_("Keep the newer value"),
}


class ManyCard(Card):
    """Asks for a rule, shows what it would do, and leaves the doing to the page:
    `agreed(rule, wanted)`; `left()` when nothing is wanted after all."""

    agreed = Signal(str, object)
    left = Signal()

    def __init__(self, desk: Desk, wanted: Wanted, about: str) -> None:
        super().__init__(_("Settle many at once"))
        self.desk = desk
        self.wanted = wanted
        self.plan: Plan | None = None
        self.body.addWidget(label(about, "strong", wrap=True))
        hint = _(
            "Every value stays in the history, and all of it can be undone at once. "
            "Deletions, merges and answers of questionnaires are left for you to look at."
        )
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.rules = QButtonGroup(self)
        self.ways: dict[Rule, QRadioButton] = {}
        for key, rule in enumerate(RULES, 1):
            way = QRadioButton(str(WORDS[rule]))
            way.clicked.connect(partial(self.preview, rule))
            self.rules.addButton(way)
            self.ways[rule] = way
            self.body.addLayout(flowing(way, KeyHint(str(key))))
        self.outcome = label("", "strong", wrap=True)
        self.sample = RowList()
        self.go = key_button(_("Settle"), self._agree, role="primary")
        self.back = key_button(_("Back"), self.left.emit)
        self.body.addWidget(self.outcome)
        self.body.addLayout(flowing(self.go, self.back))
        self.body.addWidget(self.sample)
        self.go.setEnabled(False)

    @property
    def first(self) -> QRadioButton:
        """Where the keyboard begins."""
        return self.ways["full"]

    def press(self, key: str) -> None:
        """A digit chooses a rule; nothing is decided by it."""
        if key in ("1", "2", "3"):
            self.ways[RULES[int(key) - 1]].click()

    def open(self) -> None:
        """Nothing to open."""

    def preview(self, rule: Rule) -> None:
        """What the rule would do."""
        self.plan = None
        self.go.setEnabled(False)
        role = self.desk.account.role
        self.desk.runner.read(
            settle_many.plan, rule, self.wanted, role, then=self._show, owner=self
        )

    def _show(self, plan: Plan) -> None:
        if not self.ways[plan.rule].isChecked():
            return  # another rule was chosen meanwhile
        self.plan = plan
        words = ngettext(
            "{n} of {total} conflict would be settled.",
            "{n} of {total} conflicts would be settled.",
            plan.asked,
        )
        self.outcome.setText(words.format(n=plan.answered, total=plan.asked))
        self.go.setEnabled(plan.answered > 0)
        doing = ngettext("Settle {n} conflict", "Settle {n} conflicts", plan.answered)
        self.go.show_as(doing.format(n=plan.answered), "", "primary")
        empty_words = _("Not one of them fits this rule.")
        self.sample.show_rows([_row(line) for line in plan.sample] or [Row(empty_words)])

    def _agree(self) -> None:
        if self.plan is not None:
            self.agreed.emit(self.plan.rule, self.wanted)


def _row(line: Line) -> Row:
    others = ", ".join(" ".join(value.split()) for value in line.others)
    instead = _("{kept} instead of {others}").format(
        kept=" ".join(line.kept.split()), others=others
    )
    return Row(f"{line.label} · {line.title}", instead)
