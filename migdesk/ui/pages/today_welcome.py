"""How to begin on the first day, and the bar over demonstration data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migdesk.i18n import _
from migdesk.ui.desk import Desk
from migdesk.ui.guide import Guide
from migdesk.ui.widgets import Card, label

from .pieces import filled, flowing, key_button


def _add_demo(session: Any) -> None:
    from migdesk.services import demo  # it needs the forms, which the first page does not

    demo.add(session)


def _remove_demo(session: Any) -> None:
    from migdesk.services import demo

    demo.remove(session)


class WelcomeCard(Card):
    """Shown while nobody is registered: four ways to begin."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Welcome"))
        self.desk = desk
        words = _(
            "Nobody is registered here yet. Receive the first person, take over a list that "
            "you have, or look around with invented people first: they go as they came."
        )
        self.receive_button = key_button(
            _("Receive the first person"), lambda: desk.go("receive"), "F2", "primary"
        )
        self.tour_button = key_button(_("Take the tour"), self.tour, "F1")
        self.demo_button = key_button(_("Add demonstration data"), self.add)
        self.import_button = key_button(_("Import a table"), lambda: desk.go("import"))
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addLayout(
            flowing(self.receive_button, self.tour_button, self.demo_button, self.import_button)
        )
        self.hide()

    def tour(self) -> None:
        """The guide, inside the program."""
        Guide(self.window()).show()

    def add(self) -> None:
        """Invented people, cases and projects, in one transaction."""
        self.demo_button.setEnabled(False)
        self.desk.runner.write(_add_demo, then=lambda _done: self._on_added(), owner=self)

    def _on_added(self) -> None:
        self.demo_button.setEnabled(True)
        self.desk.asker.tell(_("Demonstration data was added. Nobody in it exists."))


class DemoBar(Card):
    """Says that what is shown is invented, and takes it away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setContentsMargins(0, -6, 0, -6)
        self.remove_button = key_button(_("Remove it"), self.remove)
        words = label(
            _("This office holds demonstration data: nobody in it exists."), wrap=True
        )
        self.body.addLayout(filled(words, self.remove_button))
        self.hide()

    def on_facts(self, facts: Mapping[str, str]) -> None:
        """Shown only where there is demonstration data."""
        self.setVisible(bool(facts.get("demo")))

    def remove(self) -> None:
        """Put it in the bin."""
        self.desk.runner.write(_remove_demo, then=lambda _done: self.hide(), owner=self)
