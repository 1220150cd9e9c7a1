"""Files of what goes its way: applications for money, introductions, referrals; and what is to
be verified now and then."""

from __future__ import annotations

from functools import partial

from migdesk import codelists
from migdesk.i18n import _
from migdesk.services import applications, freshness, introductions, referrals
from migdesk.services.applications import Way
from migdesk.services.introductions import Standing
from migdesk.services.pipelines import Check
from migdesk.services.records import View
from migdesk.ui.behind_gate import BehindGate
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.on_the_way import Next, WayDetail
from migdesk.ui.recordview.parts import button, clear, pill
from migdesk.ui.rights import may_write

MAIN = {"lodged", "examined", "granted", "paying", "closed", "accepted", "done"}
"""States that are the usual next one."""


class ApplicationDetail(WayDetail):
    """An application for money, from lodging to the last instalment."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "application")
        self.way.stages.chosen.connect(self.move_to)

    def read_way(self, view: View) -> None:
        self.desk.runner.read(applications.way, view.id, then=self._show, owner=self)

    def _show(self, found: Way) -> None:
        if found.view.id != self.id:
            return
        first = next((code for code, _words in found.moves if code in MAIN), "")
        nexts = [
            Next(words, partial(self.move_to, code), code == first)
            for code, words in found.moves
            if self.writes
        ]
        here = (stage for stage in found.stages if stage.place == "current")
        lacks = [check.said for stage in here for check in stage.lacking]
        words = found.words
        if lacks and nexts:
            words = _("Still needed: {listed}").format(listed="; ".join(lacks))
        self.way.show_way(words, nexts, found.stages, "waiting" if lacks and nexts else "")

    def move_to(self, state: str) -> None:
        """Move the application; where something is lacking the person says why."""
        asked = self.id

        def go(left: tuple[Check, ...]) -> None:
            reason = ""
            if left:
                listed = "\n".join(f"· {check.said}" for check in left)
                text = _("Not yet there:\n{listed}\n\nWhy does it go on all the same?")
                reason = self.desk.asker.text(
                    codelists.label(applications.CODES, state), text.format(listed=listed)
                ) or ""
            if asked == self.id and (reason.strip() or not left):
                self.write(applications.move, state, reason)

        self.desk.runner.read(applications.lacking, asked, state, then=go, owner=self)


class IntroductionDetail(WayDetail):
    """Two sides who may be put in touch: their answers, then names and the letter."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "introduction")
        self.gate = BehindGate(
            desk,
            self,
            "introduction",
            "introduction",
            introductions.introduce,
            self._print_letter,
        )

    def read_way(self, view: View) -> None:
        self.desk.runner.read(introductions.standing, view.id, then=self._show, owner=self)

    def _show(self, found: Standing) -> None:
        if found.view.id == self.id:
            nexts = self._nexts(found) if self.writes else []
            self.way.show_way(found.words, nexts)

    def _nexts(self, found: Standing) -> list[Next]:
        id, values, shown = self.id, found.view.values, found.view.shown
        nexts: list[Next] = []
        if found.stage == "asking":
            names = {
                "person": _("The person"),
                "other": shown["organisation"] or shown["other"] or _("The other side"),
            }
            for side, who in names.items():
                if found.asks(side):  # type: ignore[arg-type]
                    write = partial(self.write, introductions.answer, side)
                    nexts.append(Next(_("said yes"), partial(write, True), group=who))
                    nexts.append(Next(_("said no"), partial(write, False), group=who))
            show = partial(self.desk.print, "masked-profile", id=values["person"])
            write = partial(self.desk.print, "proposal-letter", id=id)
            nexts.append(Next(_("Print the masked profile"), show))
            nexts.append(Next(_("Print the letter to the person"), write))
        elif found.stage == "agreed":
            nexts.append(Next(_("Introduce them…"), partial(self.gate.go, id), True))
        elif found.stage == "introduced":
            nexts.append(Next(_("Print the letter"), self._print_letter, True))
        if found.stage in ("introduced", "ended") and values["introduced"]:
            for item in codelists.get("introduction_results"):
                if item.code not in ("waiting", values["result"]):
                    follow = partial(self.write, introductions.follow, item.code)
                    nexts.append(Next(item.label(), follow))
        return nexts

    def _print_letter(self) -> None:
        self.desk.print("introduction-letter", id=self.id)


class ReferralDetail(WayDetail):
    """A referral: sent through the consent gate, then what the service answers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "referral")
        self.gate = BehindGate(
            desk, self, "referral", "referral", referrals.send, self._print_letter
        )

    def read_way(self, view: View) -> None:
        nexts: list[Next] = []
        if self.writes and (view.values["status"] or "to_send") == "to_send":
            send = partial(self.gate.go, view.id)
            nexts.append(Next(_("Send, with the letter…"), send, True))
        if self.writes:
            nexts += [
                Next(words, partial(self.write, referrals.move, code), code in MAIN)
                for code, words in referrals.moves(view)
            ]
        words = referrals.words(view)
        late = words != view.shown["status"]
        self.way.show_way(words, nexts, (), "late" if late else "")

    def _print_letter(self) -> None:
        self.desk.print("referral-letter", id=self.id)


class VerifiedDetail(RecordDetail):
    """The file of something that must be verified now and then: said so when it was not, with
    a button for who just did."""

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk, kind)
        self.verified_button = button(_("Verified today"), self.verify)
        hint = _("I have asked: everything is still as it is written.")
        self.verified_button.setToolTip(hint)
        self.buttons.insertWidget(0, self.verified_button)
        self.verified_button.hide()
        self.titled.connect(self._show_age)

    def _show_age(self, view: View) -> None:
        if view.id != self.id:
            return
        clear(self.badges)
        said = freshness.words(view)
        if said:
            self.badges.addWidget(pill(said, "late"))
        self.verified_button.setVisible(bool(said) and may_write(self.desk, view.kind))

    def verify(self) -> None:
        """Somebody asked today."""
        self.desk.runner.write(freshness.verify, self.about.kind, self.id, owner=self)
