"""Correcting a finished submission: what a reviewer asked, and whether it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self
from uuid import uuid4

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.forms import Form, Live
from migdesk.forms.editing import reopened
from migdesk.i18n import _, ngettext
from migdesk.services import corrections, drafts, review
from migdesk.services.corrections import Correction
from migdesk.services.form_device import Device
from migdesk.services.review import Remark
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Button, label, set_property

from .filling import About, Filling, State, shifted
from .keeping import Keeper
from .view import FormView

SHOWN = ("person", "household", "case", "organisation", "place")
"""Links that the title names."""


@dataclass(frozen=True)
class Asked:
    """A remark. `ref`: where its question is now, "" for the whole; `before` and `said`: the
    answer and the comment when the correction began; `gone`: its row was removed."""

    id: str
    ref: str
    note: str
    who: str
    before: str = ""
    said: str = ""
    gone: bool = False


@dataclass
class Correcting(Filling):
    """The filling of a submission again. `replaces`: instance of the copy it began from."""

    submission: str = ""
    replaces: str = ""
    asked: list[Asked] = field(default_factory=list)
    touched: bool = False

    @classmethod
    def begin(cls, found: Correction, account: str) -> Self:
        """From the answers as they are, or where a correction was put aside."""
        if found.draft is not None:
            made = cls.resume(found.form, found.draft.id, found.draft.body, found.device)
            made.hear(found.remarks)
            return made
        filled, view = found.filled, found.filled.submission
        draft = reopened(found.form, filled.xml, f"uuid:{uuid4()}")
        made = cls(
            found.device.run(found.form, str(view.values["language"] or "") or None, draft),
            str(view.values["questionnaire"]),
            tuple(
                About(kind, str(view.values[kind]), view.shown[kind])
                for kind in SHOWN
                if view.values[kind]
            ),
            draft_id=drafts.fresh(drafts.key("submission", account, view.id)),
            comments=dict(filled.comments),
            files=dict(filled.files),
            submission=view.id,
            replaces=str(view.values["instance"] or ""),
        )
        made.hear(found.remarks)
        made.key = next((stop.key for stop in made.stops if made.notes(stop.key)), made.key)
        return made

    @classmethod
    def resume(
        cls, form: Form, draft_id: str, body: Mapping[str, Any], device: Device | None = None
    ) -> Self:
        """Go on with a correction where it was left."""
        made = super().resume(form, draft_id, body, device)
        made.submission, made.replaces = body["corrects"], body["replaces"]
        made.asked = [Asked(**each) for each in body["asked"]]
        made.touched = True
        return made

    def body(self) -> dict[str, Any]:
        return {
            **super().body(),
            "corrects": self.submission,
            "replaces": self.replaces,
            "asked": [asdict(each) for each in self.asked],
        }

    @property
    def title(self) -> str:
        return _("Correction: {title}").format(title=super().title)

    def hear(self, remarks: Iterable[Remark]) -> None:
        """The remarks as they stand now: new ones come, those taken back go."""
        known = {each.id: each for each in self.asked}
        self.asked = [
            replace(known[each.id], note=each.note, who=each.who)
            if each.id in known
            else self._heard(each)
            for each in remarks
        ]
        self._states.clear()
        self.lines.clear()

    def _heard(self, remark: Remark) -> Asked:
        live = self.walk.questions.get(remark.ref)
        before = live.text if live is not None else ""
        said = self.comments.get(remark.ref, "")
        return Asked(remark.id, remark.ref, remark.note, remark.who, before, said)

    def notes(self, key: str) -> list[Asked]:
        """What was asked about a question, "" about the whole."""
        return [each for each in self.asked if each.ref == key and not each.gone]

    def waiting(self, asked: Asked) -> bool:
        """Whether neither the answer nor the comment beside it is another one."""
        live = self.walk.questions.get(asked.ref)
        if asked.gone or live is None or not live.relevant:
            return False
        return live.text == asked.before and self.comments.get(asked.ref, "") == asked.said

    def unanswered(self) -> list[Asked]:
        """The remarks that wait for an answer, in the order of the form."""
        place = self.walk.index
        waiting = [each for each in self.asked if self.waiting(each)]
        return sorted(waiting, key=lambda each: place.get(each.ref, len(place)))

    def answer(self, ref: str, text: str) -> None:
        self.touched = True
        super().answer(ref, text)

    def comment(self, key: str, text: str) -> None:
        self.touched = True
        super().comment(key, text)

    def remove(self, ref: str) -> None:
        self.touched = True
        moved = [(each, shifted(each.ref, ref)) for each in self.asked]
        self.asked = [
            replace(each, ref=to, gone=each.gone or bool(each.ref and not to))
            for each, to in moved
        ]
        super().remove(ref)

    def refresh(self) -> None:
        self.touched = True
        super().refresh()

    def _state(self, ref: str, live: Live) -> State:
        found = super()._state(ref, live)
        wanted = any(self.waiting(each) for each in self.notes(ref))
        return "wrong" if wanted and found != "off" else found


class CorrectKeeper(Keeper):
    """Keeps a correction once something was changed; at the end in the place of the copy
    before."""

    filling: Correcting

    def keep(self) -> None:
        if self.filling.touched:
            super().keep()

    def finish(self, then: Callable[[str], object], owner: QWidget) -> None:
        filling = self.filling
        xml = filling.run.finalise()
        self.over = True
        self.desk.runner.write(
            corrections.correct,
            filling.submission,
            xml,
            filling.instance,
            filling.run.language,
            filling.draft_id,
            filling.run.audit_log(),
            filling.comments,
            then=then,
            owner=owner,
            failed=self._refused,
        )


class AskedBar(QFrame):
    """How many remarks wait, what is asked here, and the way to the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.count = label("", wrap=True)
        self.words = label("", "strong", wrap=True)
        self.button = Button(_("Next remark"), key="F7")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.count)
        words.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 16, 6)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def show_asked(self, filling: Correcting) -> None:
        """Say what is asked where the person stands."""
        n = len(filling.unanswered())
        words = ngettext(
            "{n} remark waits: correct the answer, or say why in a comment.",
            "{n} remarks wait: correct the answers, or say why in a comment.",
            n,
        ).format(n=n)
        here = filling.notes(filling.key) or filling.notes("")
        self.count.setText(words if n else _("No remark waits any more. Ctrl+Enter finishes."))
        self.words.setText("\n".join(review.said(each.who, each.note) for each in here))
        self.words.setVisible(bool(here))
        self.button.setVisible(bool(n))
        set_property(self, "tone", "waiting" if n else "done")
        self.setAccessibleName(" ".join((self.count.text(), self.words.text())))
        self.setVisible(bool(filling.asked))


class CorrectView(FormView):
    """Walks a `Correcting`, from remark to remark with F7."""

    filling: Correcting

    def __init__(self, desk: Desk, filling: Correcting, parent: QWidget | None = None) -> None:
        self.asked = AskedBar()
        super().__init__(desk, filling, parent)
        self.keeper = CorrectKeeper(desk, filling)
        self.sheet.sound.forgo()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(2, self.asked)
        self.asked.button.clicked.connect(lambda: self.next_asked())
        shortcut("F7", self, self.next_asked)

    def _show_place(self) -> None:
        super()._show_place()
        self.asked.show_asked(self.filling)

    def next_asked(self) -> None:
        """Go to the next remark that waits, from here on and round again."""
        self._flush()
        place = self.filling.walk.index
        keys = [e.ref for e in self.filling.unanswered() if e.ref in place]
        after = [key for key in keys if place[key] > self.filling.place]
        if keys:
            self.go((after or keys)[0])

    def finish(self) -> None:
        """Finish; where a remark has no answer, ask first."""
        self._flush()
        n = 0 if self.keeper.over or self.shelf.busy else len(self.filling.unanswered())
        text = ngettext(
            "{n} remark has no answer: neither the answer nor its comment was changed.",
            "{n} remarks have no answer: neither the answers nor their comments were changed.",
            n,
        ).format(n=n)
        title = _("Finish without answering the remarks?")
        if n and not self.desk.asker.confirm(title, text, _("Finish")):
            self.next_asked()
            return
        super().finish()
