"""The consent gate: nothing about a person leaves the office unasked (R124, R125).

Whatever discloses asks here first: a paper for a third party, a table, an introduction, a
referral, sharing with another office. A consent is for a purpose, and for a recipient if it
names one; the newest that fits decides. Where nobody agreed there is a paper without names,
the consent form, or an override with a written reason, which stays in the log of the person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_, Text, _
from migdesk.models import RECORDS
from migdesk.models.capture import NotYours
from migdesk.models.declare import HEADS
from migdesk.models.disclosure import Disclosure
from migdesk.models.kinds import Choice, Link, now_utc
from migdesk.models.person import Consent
from migdesk.models.quick import chunks

from . import office, records
from .views import Gone, title_of

Answer = Literal["given", "refused", "withdrawn", "expired", "unknown"]
Basis = Literal["consent", "override", "masked", "person"]

WORDS: dict[Answer, Text] = {
    "given": N_("{person} agreed: {purpose}."),
    "refused": N_("{person} refused: {purpose}."),
    "withdrawn": N_("{person} took back the consent: {purpose}."),
    "expired": N_("The consent of {person} is no longer valid: {purpose}."),
    "unknown": N_("{person} was not asked yet: {purpose}."),
}


class NoConsent(Mistake):
    """A disclosure to which the person did not agree."""

    code = "CNS-001"
    text = N_(
        "{why} Ask for the consent, give the paper without names, or write down why it must "
        "be done all the same."
    )


class NoReason(Mistake):
    """An override says why, and for whom."""

    code = "CNS-002"
    text = N_("Say to whom this goes and why it cannot wait for the consent.")


@dataclass(frozen=True)
class Verdict:
    """What a person said of a purpose and a recipient; `consent` is the consent that decides,
    "" if there is none."""

    person: str
    purpose: str
    recipient: str
    answer: Answer
    consent: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the person agreed."""
        return self.answer == "given"


@dataclass(frozen=True)
class Override:
    """Why something is disclosed without consent. `urgent`: somebody is in danger; only then
    may an agent decide alone."""

    reason: str
    urgent: bool = False


def ask(session: Session, person: str, purpose: str, recipient: str = "") -> Verdict:
    """What a person said of giving data for a purpose (code of `consent_purposes`) to a
    recipient; "" for one who is not known yet."""
    return ask_all(session, [person], purpose, recipient)[0]


def ask_all(
    session: Session, people: Sequence[str], purpose: str, recipient: str = ""
) -> tuple[Verdict, ...]:
    """`ask` for many people: one question to the database for some hundred."""
    held: dict[str, list[Consent]] = {}
    for part in chunks(dict.fromkeys(people)):
        rows = sa.select(Consent).where(
            Consent.person.in_(part), Consent.purpose == purpose, Consent.deleted.is_(False)
        )
        for consent in session.scalars(rows.order_by(Consent.id.desc())):
            if _fits(consent.recipient, recipient):
                held.setdefault(str(consent.person), []).append(consent)
    return tuple(
        _verdict(person, purpose, recipient, held.get(person, ())) for person in people
    )


def _fits(named: str | None, recipient: str) -> bool:
    wanted = _folded(recipient)
    if not named:
        return True
    return any(_folded(each) == wanted for each in named.replace(";", ",").split(","))


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def _verdict(
    person: str, purpose: str, recipient: str, consents: Sequence[Consent]
) -> Verdict:
    if not consents:
        return Verdict(person, purpose, recipient, "unknown")
    newest = max(consents, key=lambda each: (each.given or "", each.id))
    today = date.today().isoformat()
    answer: Answer = "given"
    if newest.answer != "given":
        answer = "refused"
    elif newest.withdrawn and newest.withdrawn <= today:
        answer = "withdrawn"
    elif newest.expires and newest.expires < today:
        answer = "expired"
    return Verdict(person, purpose, recipient, answer, newest.id)


def words(session: Session, verdict: Verdict) -> str:
    """A verdict in a sentence."""
    purpose = Choice(codes="consent_purposes").show(verdict.purpose)
    if verdict.recipient:
        purpose = _("{purpose}, to {recipient}").format(
            purpose=purpose, recipient=verdict.recipient
        )
    name = title_of(session, "person", verdict.person) or _("This person")
    return str(WORDS[verdict.answer]).format(person=name, purpose=purpose)


def may_override(role: str, override: Override) -> bool:
    """Whether a role may go past the gate: heads, and agents where somebody is in danger."""
    return not role or role in HEADS or (role == "agent" and override.urgent)


def disclose(
    session: Session,
    verdict: Verdict,
    what: str,
    override: Override | None = None,
    record: str = "",
) -> str:
    """Write down a disclosure before it is made; id of its line. `what`: a code of what is
    given (the name of a document, of an export); `record`: the id of what it tells of.

    Raises NoConsent; with an override NoReason or NotYours.
    """
    basis: Basis = "consent"
    reason = Choice(codes="consent_purposes").show(verdict.purpose)
    if not verdict.allowed:
        if override is None:
            raise NoConsent(why=words(session, verdict))
        _check(session, verdict, override)
        basis, reason = "override", override.reason.strip()
    line = note(session, verdict, what, basis, reason, record)
    if basis == "override":
        office.note(session, "override", line)
    return line


def _check(session: Session, verdict: Verdict, override: Override) -> None:
    if not verdict.recipient.strip() or len(override.reason.strip()) < 5:
        raise NoReason("reason" if verdict.recipient.strip() else "recipient")
    if not may_override(session.info["scribe"].role, override):
        raise NotYours(what=RECORDS["disclosure"].plural)


def note(
    session: Session, verdict: Verdict, what: str, basis: Basis, reason: str, record: str = ""
) -> str:
    """A line in the log of disclosures of a person."""
    values = {
        "at": now_utc(),
        "account": session.info.get("actor") or None,
        "person": verdict.person or None,
        "what": what,
        "recipient": verdict.recipient,
        "reason": reason,
        "purpose": verdict.purpose,
        "basis": basis,
        "consent": verdict.consent or None,
        "record": record or None,
    }
    return records.save(session, "disclosure", None, values)


# papers and tables --------------------------------------------------------------

RECEIVERS = ("service", "organisation", "employer", "window", "office", "recipient", "partner")
"""Fields that say to whom a record goes, in this order."""
LEAVING = {"project-dossier": "referral"}
"""Documents with a layout of their own that go to somebody else, with their purpose."""


@dataclass(frozen=True)
class Leaving:
    """A document that goes to somebody else than the person whom it tells of."""

    verdict: Verdict
    words: str


def people_of(session: Session, kind: str, id: str) -> tuple[str, ...]:
    """People of whom a record tells by its links; the person itself."""
    if kind == "person":
        return (id,)
    view = records.get(session, kind, id)
    found = [
        view.values[f.name]
        for f in RECORDS[kind].fields.values()
        if isinstance(f.kind, Link) and f.kind.to == "person" and f.name != "relative"
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def recipient_of(session: Session, kind: str, id: str) -> str:
    """To whom a record goes, as it says itself; "" if it does not."""
    view = records.get(session, kind, id)
    return next((view.shown[name] for name in RECEIVERS if view.shown.get(name)), "")


def purpose_of(sheet: str) -> str:
    """Purpose of the consent that a document needs, "" for one that stays or goes to the
    person."""
    from .recipe_papers import consent_for

    return LEAVING.get(sheet) or consent_for(sheet)


def leaving(session: Session, sheet: str, id: str) -> tuple[Leaving, ...]:
    """What the people said of whom a document tells; nothing if it does not leave. Of whom
    an override was written down for this record and recipient nobody asks again."""
    from .papers import kind_of

    purpose, kind = purpose_of(sheet), kind_of(sheet)
    return of_record(session, kind, id, purpose) if purpose and kind else ()


def of_record(session: Session, kind: str, id: str, purpose: str) -> tuple[Leaving, ...]:
    """What the people said of whom a record tells that is to be given for a purpose."""
    try:
        recipient = recipient_of(session, kind, id)
        people = people_of(session, kind, id)
    except Gone:
        return ()
    decided = _overridden(session, id, purpose, recipient)
    asked = ask_all(session, [p for p in people if p not in decided], purpose, recipient)
    return tuple(Leaving(verdict, words(session, verdict)) for verdict in asked)


def was_given(session: Session, purpose: str, record: str) -> bool:
    """Whether a disclosure of a record for a purpose was written down already."""
    rows = sa.select(Disclosure.id).where(
        Disclosure.record == record,
        Disclosure.purpose == purpose,
        Disclosure.basis != "masked",
        Disclosure.deleted.is_(False),
    )
    return session.scalar(rows.limit(1)) is not None


def _overridden(session: Session, record: str, purpose: str, recipient: str) -> frozenset[str]:
    """People of whom this record was given to this recipient by an override; what goes to
    somebody who is not named yet is asked about each time."""
    wanted = _folded(recipient)
    if not wanted:
        return frozenset()
    rows = sa.select(Disclosure.person, Disclosure.recipient).where(
        Disclosure.record == record,
        Disclosure.purpose == purpose,
        Disclosure.basis == "override",
        Disclosure.deleted.is_(False),
    )
    return frozenset(
        str(person)
        for person, to in session.execute(rows)
        if _folded(to or "") == wanted
    )


def let_go(
    session: Session,
    asked: Iterable[Verdict],
    what: str,
    record: str = "",
    override: Override | None = None,
    masked: bool = False,
    to_person: bool = False,
) -> int:
    """Write down that a paper leaves, for all of whom it tells, or for nobody; how many.
    `to_person`: who is told of takes it along, so that nobody else is given anything.
    Raises as `disclose` does."""
    done = 0
    for verdict in asked:
        if to_person:
            note(session, verdict, what, "person", _("The person takes it along"), record)
        elif masked:
            note(session, verdict, what, "masked", _("Without names"), record)
        else:
            disclose(session, verdict, what, override, record)
        done += 1
    return done


def agreeing(
    session: Session, people: Collection[str], purpose: str, recipient: str
) -> frozenset[str]:
    """Those who agreed: the people of a table that leaves."""
    asked = ask_all(session, list(people), purpose, recipient)
    return frozenset(verdict.person for verdict in asked if verdict.allowed)

