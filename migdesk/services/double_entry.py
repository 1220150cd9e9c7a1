"""Paper entered twice: two people type the same copy, a third look settles what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.forms import Form, Run
from migdesk.forms import submission as submission_xml
from migdesk.forms.definition import Node, Tree
from migdesk.forms.run import NotFinished
from migdesk.i18n import N_, _, language, ngettext
from migdesk.models.dates import parse_day
from migdesk.models.kinds import now_utc
from migdesk.models.office import Submission
from migdesk.models.survey import PaperCopy, SurveyUnit

from . import entities, fieldwork, form_words, interviews, records
from .views import View, load, titles, view, views

Step = Literal["first", "second"]


class SamePerson(Mistake):
    """The second entry by whom the first was made."""

    code = "DBE-001"
    text = N_(
        "You typed the first entry of “{name}”. The second one is typed by somebody else, who "
        "does not see the first: log in as another person."
    )


class NothingToType(Mistake):
    """A copy that was entered twice already."""

    code = "DBE-002"
    text = N_("“{name}” was entered twice already. Compare the two entries.")


class NotTwice(Mistake):
    """A copy that was not entered twice."""

    code = "DBE-003"
    text = N_("“{name}” was not entered twice yet: there is nothing to compare.")


class Undecided(Mistake):
    """Differences that nobody decided."""

    code = "DBE-004"
    text = N_("{n} differences are not decided yet.")


class TakenNumber(Mistake):
    """Two copies with one number."""

    code = "DBE-005"
    text = N_("The number “{name}” is in use in this campaign.")


@dataclass(frozen=True)
class Difference:
    """A question answered differently. `ref` has positions; of a repeat it is the repeat,
    and the values are numbers of rows. `first` and `second` are as stored, `said_…` in
    words; `choices` are (value, words) of what may be chosen."""

    ref: str
    label: str
    first: str
    second: str
    said_first: str
    said_second: str
    rows: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two entries of a copy side by side; `answers` is how many were compared."""

    paper: View
    answers: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Operator:
    """What somebody typed: copies, answers compared, and how many of them were wrong."""

    name: str
    entries: int
    answers: int
    errors: int

    @property
    def per_hundred(self) -> float:
        """Errors per 100 answers."""
        return 100 * self.errors / self.answers if self.answers else 0.0


@dataclass(frozen=True)
class Agreement:
    """How far first and second entries agree: `rate` is a share of the answers compared,
    None before anything was settled."""

    settled: int
    answers: int
    differences: int
    operators: tuple[Operator, ...]

    @property
    def rate(self) -> float | None:
        return 1 - self.differences / self.answers if self.answers else None


# copies -------------------------------------------------------------------------


def add_paper(session: Session, campaign: str, name: str, unit: str = "") -> str:
    """A questionnaire that comes back on paper, by the number written on it.

    Without `unit`, a number that is that of a unit of the sample means this unit.
    """
    taken = sa.select(PaperCopy.id).where(
        PaperCopy.campaign == campaign,
        PaperCopy.name == name.strip(),
        PaperCopy.deleted.is_(False),
    )
    if session.scalar(taken):
        raise TakenNumber("name", name=name.strip())
    drawn = sa.select(SurveyUnit.id).where(
        SurveyUnit.campaign == campaign,
        SurveyUnit.code == name.strip(),
        SurveyUnit.draw.is_not(None),
        SurveyUnit.deleted.is_(False),
    )
    unit = unit or session.scalar(drawn.order_by(SurveyUnit.id)) or ""
    values = {"campaign": campaign, "name": name, "unit": unit or None}
    return records.save(session, "paper_copy", None, values)


def papers(session: Session, campaign: str) -> tuple[View, ...]:
    """Copies of a campaign: what is to be done first comes first, then by number."""
    order = {"compare": 0, "second": 1, "first": 2, "settled": 3}
    rows = session.scalars(
        sa.select(PaperCopy)
        .where(PaperCopy.campaign == campaign, PaperCopy.deleted.is_(False))
        .order_by(PaperCopy.name, PaperCopy.id)
    )
    found = sorted(rows, key=lambda row: order.get(row.state or "first", 2))
    return views(session, "paper_copy", found)


def may_type(session: Session, paper: str, account: str) -> Step:
    """Which entry an account may type now. Raises SamePerson, NothingToType."""
    row = _paper(session, paper)
    if row.state in ("compare", "settled"):
        raise NothingToType(name=row.name or "")
    if row.state != "second":
        return "first"
    if row.account == account:
        raise SamePerson(name=row.name or "")
    return "second"


def _paper(session: Session, id: str) -> PaperCopy:
    row = load(session, "paper_copy", id)
    assert isinstance(row, PaperCopy)
    return row


# comparing ------------------------------------------------------------------------


class _Pair:
    """Both entries of a copy, read with the form of the first."""

    def __init__(self, session: Session, paper: str) -> None:
        self.row = _paper(session, paper)
        if self.row.state not in ("compare", "settled") or not self.row.xml:
            raise NotTwice(name=self.row.name or "")
        self.submission = load(session, "submission", str(self.row.first))
        assert isinstance(self.submission, Submission)
        self.form: Form = form_words.open_form(session, str(self.submission.questionnaire))
        self.first = submission_xml.read(self.form, self.submission.xml or "")
        self.second = submission_xml.read(self.form, self.row.xml)
        self.asked = interviews.asked(self.form)
        self.answers = 0

    def differences(self) -> Iterator[Difference]:
        """What differs, in the order of the form; counts the answers compared."""
        speech = form_words.spoken_in(self.form, language())
        runs = [Run(self.form, speech, draft=draft) for draft in (self.first, self.second)]
        self.answers = 0
        trees = (self.first["answers"], self.second["answers"])
        root = self.form.definition.root
        yield from self._walk(root, f"/{root.name}", trees, runs)

    def _walk(
        self, node: Node, ref: str, trees: tuple[Tree, Tree], runs: Sequence[Run]
    ) -> Iterator[Difference]:
        for child in node.children:
            inner = f"{ref}/{child.name}"
            values = [tree.get(child.name) for tree in trees]
            if child.leaf:
                yield from self._answer(child, inner, values, runs)
            elif child.repeat:
                rows = [value or [] for value in values]
                one, two = len(rows[0]), len(rows[1])
                if one != two:
                    label = self._label(child)
                    yield Difference(
                        inner, label, str(one), str(two), _rows(one), _rows(two), rows=True
                    )
                for n, pair in enumerate(zip(*rows, strict=False), 1):
                    yield from self._walk(child, f"{inner}[{n}]", pair, runs)
            else:
                yield from self._walk(child, inner, (values[0] or {}, values[1] or {}), runs)

    def _answer(
        self, node: Node, ref: str, values: Sequence[Any], runs: Sequence[Run]
    ) -> Iterator[Difference]:
        if node.path not in self.asked:
            return
        first, second = (str(value or "") for value in values)
        self.answers += bool(first or second)
        if _plain(first) != _plain(second):
            label = self.asked[node.path] + _position(ref)
            said_first, said_second = _said(runs[0], ref), _said(runs[1], ref)
            offered = (
                runs[0].node(ref).choices if self.form.type_of(node) == "select_one" else ()
            )
            choices = tuple((choice.value, choice.label) for choice in offered)
            yield Difference(
                ref, label, first, second, said_first, said_second, choices=choices
            )

    def _label(self, node: Node) -> str:
        control = self.form.control(node)
        speech = form_words.spoken_in(self.form, language())
        words = form_words.entries(self.form, speech)[control].label if control else ""
        return _("Number of entries: {name}").format(name=words or node.name)


def _rows(count: int) -> str:
    return ngettext("{n} entry", "{n} entries", count).format(n=count)


def _position(ref: str) -> str:
    """“ · 2” for the second row of a repeat, so that people know whose answer it is."""
    places = [part.partition("]")[0] for part in ref.split("[")[1:]]
    return f" · {'.'.join(places)}" if places else ""


def _plain(text: str) -> str:
    """Case, spaces and the order of spaces are no difference between two typists."""
    return " ".join(text.casefold().split())


def _said(run: Run, ref: str) -> str:
    return form_words.answer_text(run.node(ref)) or _("(empty)")


def compare(session: Session, paper: str) -> Comparison:
    """Both entries of a copy. Raises NotTwice, Gone, FormFault."""
    pair = _Pair(session, paper)
    differences = tuple(pair.differences())
    return Comparison(view(session, pair.row), pair.answers, differences)


def settle(session: Session, paper: str, decisions: Mapping[str, str]) -> str:
    """Make the settled answers those of the submission; returns its id.

    `decisions`: reference of each difference → the text that stands on the paper. The first
    entry stays in the submission's history. Raises Undecided, NotTwice, NotFinished.
    """
    pair = _Pair(session, paper)
    differences = tuple(pair.differences())
    missing = [each for each in differences if each.ref not in decisions]
    if missing:
        raise Undecided(n=len(missing))
    answers = pair.first["answers"]
    decided = {
        each.ref: _stored(pair.form, each.ref, decisions[each.ref]) for each in differences
    }
    for each in differences:
        _put(answers, pair.second["answers"], each, decided[each.ref])
    run = Run(pair.form, draft={**pair.first, "answers": answers})
    wrong = run.missing()
    if wrong:
        raise NotFinished(count=len(wrong))
    # Not `finalise`: the interview ended when it did, not now.
    xml = submission_xml.write(pair.form, run.root)
    first = str(pair.row.first)
    anew = {"state": "received", "reviewer": None, "reviewed": None}
    records.save(session, "submission", first, {"xml": xml, **anew})
    entities.apply(session, first)
    records.save(
        session,
        "paper_copy",
        paper,
        {
            "state": "settled",
            "answers": pair.answers,
            "differences": len(differences),
            "errors": sum(not _same(d.first, decided[d.ref]) for d in differences),
            "errors_2": sum(not _same(d.second, decided[d.ref]) for d in differences),
            "settled": now_utc(),
            "settler": session.info["scribe"].actor or None,
        },
    )
    fieldwork.visited(session, pair.row.unit or "")
    return first


def _stored(form: Form, ref: str, text: str) -> str:
    """An answer as a form keeps it, from how people write dates and decimals."""
    node = form.definition.nodes.get(re.sub(r"\[\d+\]", "", ref))
    kind = node.bind.type if node is not None else ""
    if kind == "date":
        day = parse_day(text)
        return day.isoformat() if day is not None else text
    return text.replace(",", ".") if kind == "decimal" else text


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _put(answers: Tree, second: Tree, difference: Difference, text: str) -> None:
    """Write a decided value; rows that only the second entry has come from there."""
    *path, last = difference.ref.split("/")[2:]
    here, there = answers, second
    for part in path:
        name, _bracket, place = part.partition("[")
        if place:
            row = int(place[:-1]) - 1
            # A row that the decision about their number took away needs no answer.
            if row >= len(here.get(name, ())):
                return
            here, there = here[name][row], there[name][row]
        else:
            here, there = here.setdefault(name, {}), there.get(name, {})
    if difference.rows:
        rows, others = list(here.get(last, ())), there.get(last, ())
        count = int(text)
        here[last] = (rows + list(others[len(rows) :]))[:count]
    else:
        here[last] = text


# statistics -----------------------------------------------------------------------


def agreement(session: Session, campaign: str) -> Agreement:
    """How well the typists of a campaign agree with the paper, from what was settled."""
    rows = session.scalars(
        sa.select(PaperCopy).where(
            PaperCopy.campaign == campaign,
            PaperCopy.deleted.is_(False),
            PaperCopy.state == "settled",
        )
    ).all()
    sums: dict[str, list[int]] = {}
    for row in rows:
        for account, errors in ((row.account, row.errors), (row.second, row.errors_2)):
            mine = sums.setdefault(account or "", [0, 0, 0])
            mine[0] += 1
            mine[1] += row.answers or 0
            mine[2] += errors or 0
    names = titles(session, "account", [id for id in sums if id])
    operators = [Operator(names.get(id, ""), *held) for id, held in sums.items()]
    return Agreement(
        settled=len(rows),
        answers=sum(row.answers or 0 for row in rows),
        differences=sum(row.differences or 0 for row in rows),
        operators=tuple(sorted(operators, key=lambda each: (each.per_hundred, each.name))),
    )
