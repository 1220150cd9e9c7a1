"""A questionnaire as it stands on paper: blank to fill in, or filled to file and sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from sqlalchemy.orm import Session

from migdesk.forms import Choice, Form, Live, Run
from migdesk.forms import submission as submission_xml
from migdesk.forms.definition import Control, Node
from migdesk.forms.instance import Row
from migdesk.forms.marks import bare
from migdesk.forms.media import still_of
from migdesk.i18n import _, language
from migdesk.models import RECORDS
from migdesk.printing.photos import fitted
from migdesk.printing.sheets.questionnaire import (
    PICTURE_MM,
    Kind,
    Look,
    PaperChoice,
    PaperGroup,
    PaperItem,
    PaperQuestion,
    PaperRepeat,
    Questionnaire,
)

from . import form_files, form_media, submissions
from .attachments import NotArrived
from .form_words import Conditions, answer_text, entries, form_of, numbers, open_form, spoken_in
from .submissions import LINKS
from .views import Gone, load

__all__ = ["open_form", "questionnaire_sheet"]

_KINDS: dict[str, Kind] = {
    "integer": "integer",
    "decimal": "decimal",
    "range": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "select_one": "one",
    "select_multiple": "many",
    "rank": "many",
    "acknowledge": "many",
    "note": "note",
}
WIDE = 6
"""Columns of one table; a repeat with more questions is cut into several."""


class _Paper:
    """Turns the body of a form into items: blank where there is no `run`."""

    def __init__(
        self,
        form: Form,
        speech: str,
        blank_rows: int,
        run: Run | None = None,
        picture: Callable[[str], bytes] = lambda _name: b"",
        comments: Mapping[str, str] | None = None,
        prompt: Callable[[str], bytes] = lambda _name: b"",
    ) -> None:
        self.form = form
        self.speech = speech
        self.prompt = prompt
        self.comments = comments or {}
        self.picture = picture
        self.run = run
        self.blank_rows = blank_rows
        self.entries = entries(form, speech)
        self.numbers = numbers(form)
        self.conditions = Conditions(form, speech)

    def all(self) -> tuple[PaperItem, ...]:
        """The whole body."""
        about = self.form.definition
        return tuple(self._items(about.body, about.root, self.run.root if self.run else None))

    def _live(self, control: Control, node: Node, row: Row | None, kind: str) -> Live | None:
        return Live(self.run, kind, control, node, row) if self.run and row else None

    def _items(
        self, controls: Sequence[Control], around: Node, row: Row | None
    ) -> Iterator[PaperItem]:
        for control in controls:
            node = control.node or around
            kind = "repeat" if control.kind == "repeat" else "question"
            live = self._live(control, node, row, kind)
            if live is not None and not live.relevant:
                continue
            if control.kind == "group":
                yield PaperGroup(
                    label=self._words(control, node, row),
                    items=tuple(self._items(control.children, node, row)),
                    hint=bare(self.entries[control].hint),
                    condition=self.conditions.of(control),
                )
            elif control.kind == "repeat":
                yield from self._repeats(control, node, row)
                yield from self._pictures(control, node, row)
            else:
                yield self._question(control, node, row)

    def _words(self, control: Control, node: Node, row: Row | None) -> str:
        if self.run is not None and row is not None:
            return bare(self.run.words(control.label, node, row))
        return bare(self.entries[control].label)

    def _question(self, control: Control, node: Node, row: Row | None) -> PaperQuestion:
        live = self._live(control, node, row, "question")
        entry = self.entries[control]
        offered = live.choices if live else entry.choices
        given = live.text.split() if live else []
        if control.kind == "trigger":
            offered = (Choice("OK", _("Read and understood")),)
        ranked = control.kind == "rank"
        kind = _KINDS.get(entry.type, "text") if control in self.numbers else "note"
        return PaperQuestion(
            number=self.numbers.get(control, ""),
            label=self._words(control, node, row),
            kind="text" if ranked and live else kind,
            hint="\n".join(filter(None, (bare(entry.hint), _rank_words() if ranked else ""))),
            choices=tuple(
                PaperChoice(bare(choice.label), str(place), choice.value in given)
                for place, choice in enumerate(offered, 1)
            ),
            condition=self.conditions.of(control),
            required=entry.required,
            answer=_in_order(live) if ranked and live else answer_text(live) if live else "",
            prompt=self._prompt(control),
            picture=self.picture(live.text) if live and live.type == "image" else b"",
            comment=self.comments.get(live.ref, "") if live and self.comments else "",
        )

    def _prompt(self, control: Control) -> bytes:
        """The picture that goes with the label, for a blank one."""
        name = still_of(self.form, control.label, self.speech) if self.run is None else ""
        return self.prompt(name) if name else b""

    def _repeats(self, control: Control, node: Node, row: Row | None) -> Iterator[PaperRepeat]:
        """Tables of a repeat, each narrow enough to read; then those of repeats inside."""
        columns = list(self._columns(control, node))
        rows = row.kids[node.place] if row is not None else []
        first = rows[0] if rows else None
        label = self._words(control, node, first)
        for part, start in enumerate(range(0, max(len(columns), 1), WIDE), 1):
            shown = columns[start : start + WIDE]
            if start and row is not None:
                # The first column, usually a name, says whose row it is.
                shown = [columns[0], *shown]
            # A head is about every row: no words of the first one in it.
            asked = tuple(
                replace(
                    self._question(each, inner, first), label=bare(self.entries[each].label)
                )
                for each, inner in shown
            )
            yield PaperRepeat(
                number="",
                label=f"{label} ({part})" if len(columns) > WIDE else label,
                questions=asked,
                rows=tuple(
                    tuple(self._cell(each, inner, kid) for each, inner in shown) for kid in rows
                ),
                blank_rows=self.blank_rows,
                hint=self._limits(control, asked, first=part == 1),
                condition=self.conditions.of(control),
            )
        outer: Sequence[Row | None] = [None] if row is None else rows
        for inside, inner in self._inner_repeats(control, node):
            for kid in outer:
                yield from self._repeats(inside, inner, kid)

    def _pictures(
        self, control: Control, node: Node, row: Row | None
    ) -> Iterator[PaperQuestion]:
        """Pictures of the rows of a repeat, under its tables: a cell has no room."""
        rows = row.kids[node.place] if row is not None else []
        for place, kid in enumerate(rows, 1):
            for each, inner in self._columns(control, node):
                if self.entries[each].type != "image":
                    continue
                asked = self._question(each, inner, kid)
                if asked.picture:
                    yield replace(asked, label=f"{asked.label} ({place})")
            for inside, inner in self._inner_repeats(control, node):
                yield from self._pictures(inside, inner, kid)

    def _limits(
        self, control: Control, asked: tuple[PaperQuestion, ...], *, first: bool
    ) -> str:
        """The hint, and the conditions of columns, which have no room for them."""
        hint = [bare(self.entries[control].hint)] if first else []
        limits = [f"{q.number}\u00a0: {q.condition}" for q in asked if q.condition]
        return "\n".join(filter(None, (*hint, *limits)))

    def _columns(self, control: Control, node: Node) -> Iterator[tuple[Control, Node]]:
        for child in control.children:
            inner = child.node or node
            if child.kind == "group":
                yield from self._columns(child, inner)
            elif child.kind != "repeat" and child in self.numbers:
                yield child, inner

    def _inner_repeats(self, control: Control, node: Node) -> Iterator[tuple[Control, Node]]:
        for child in control.children:
            inner = child.node or node
            if child.kind == "repeat":
                yield child, inner
            elif child.kind == "group":
                yield from self._inner_repeats(child, inner)

    def _cell(self, control: Control, node: Node, row: Row) -> str:
        live = self._live(control, node, row, "question")
        if live is None or not live.relevant:
            return ""
        comment = self.comments.get(live.ref, "") if self.comments else ""
        return f"{answer_text(live)} ({comment})".strip() if comment else answer_text(live)


def _rank_words() -> str:
    return _("Write 1 beside the first, 2 beside the next, and so on.")


def _in_order(live: Live) -> str:
    """What was ranked, a line each: ticks would lose the order."""
    labels = {choice.value: bare(choice.label) for choice in live.choices}
    given = (labels.get(value, value) for value in live.text.split())
    return "\n".join(f"{place}. {words}" for place, words in enumerate(given, 1))


def questionnaire_sheet(
    session: Session,
    questionnaire: str = "",
    id: str = "",
    look: str = "blank",
    blank_rows: int = 6,
    form: Form | None = None,
    speech: str = "",
    files: Mapping[str, bytes] | None = None,
) -> Questionnaire:
    """The sheet of a questionnaire: blank from its record, or filled from a submission.

    `id` is that of a submission, or of a questionnaire (then blank). `look` may ask for
    the "compact" list of a filled one. `speech`: language of the form for a blank one.
    `form` is one that is not kept (yet), with its `files`. Raises Gone, FormFault.
    """
    if form is not None:
        given = files or {}
        return _blank_of(session, form, speech, blank_rows, lambda name: given.get(name, b""))
    if id and not questionnaire:
        try:
            return _filled(session, id, look)
        except Gone:
            questionnaire = id
    return _blank(session, questionnaire, blank_rows, speech)


def _blank(session: Session, questionnaire: str, blank_rows: int, speech: str) -> Questionnaire:
    load(session, "questionnaire", questionnaire)
    form = open_form(session, questionnaire)
    found = partial(form_files.find, session, questionnaire)
    return _blank_of(session, form, speech, blank_rows, found)


def _blank_of(
    session: Session,
    form: Form,
    speech: str,
    blank_rows: int,
    file: Callable[[str], bytes],
) -> Questionnaire:
    from .papers import imprint

    return Questionnaire(
        imprint=imprint(session),
        title=form.title,
        items=_Paper(
            form,
            speech or spoken_in(form, language()),
            blank_rows,
            prompt=lambda name: fitted(file(name), PICTURE_MM),
        ).all(),
        version=form.version,
        facts=tuple((name, "") for name in _heading(form)),
    )


def _heading(form: Form) -> Iterator[str]:
    """What is written at the top of a blank form."""
    yield from (_("Name or code"), _("Place"), _("Filled by"), _("Date"))
    if any(action.kind == "recordaudio" for action in form.actions):
        yield _("The conversation may be recorded")


def _filled(session: Session, id: str, look: str) -> Questionnaire:
    from .papers import imprint

    found = submissions.filled(session, id)
    form = form_of(found.xform, found.lists)
    answers = submission_xml.read(form, found.xml)
    run = Run(form, spoken_in(form, language()), draft=answers, frozen=True)
    shown = found.submission.shown
    about = RECORDS["submission"]
    names = (*LINKS, "finished", "account")
    return Questionnaire(
        imprint=imprint(session),
        title=form.title,
        items=_Paper(
            form, run.language, 0, run, partial(_picture, session, found), found.comments
        ).all(),
        look=cast(Look, look if look == "compact" else "filled"),
        version=form.version,
        facts=tuple((str(about[name].label), shown[name]) for name in names if shown[name]),
    )


def _picture(session: Session, found: submissions.Filled, name: str) -> bytes:
    """A picture that is an answer, small enough for paper; empty if it is not here."""
    try:
        return fitted(form_media.read(session, found.files.get(name, "")), PICTURE_MM)
    except NotArrived:
        return b""
