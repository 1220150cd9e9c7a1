"""Texts that people are told and agree to, in their language and in a known version (R124,
R150): those that the office wrote, else those that we ship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists, i18n
from migdesk.models.protect import Notice
from migdesk.paths import resource
from migdesk.printing.blocks import (
    Block,
    CheckItem,
    CheckList,
    KeepTogether,
    Paragraph,
    Party,
    Signatures,
)
from migdesk.printing.sheets.common import section
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import papers, records
from .views import View

SHIPPED = ("fr", "en", "ar")
"""Languages of the texts that we ship."""
FIRST = "1"
"""Version of these texts."""
INFORMATION = "registration"
"""Purpose whose text says what is done with the data: the information notice."""


@dataclass(frozen=True)
class Told:
    """A text as it is read to somebody; `id` is that of the notice, "" for ours."""

    purpose: str
    language: str
    version: str
    title: str
    text: str
    id: str = ""


@cache
def shipped(language: str) -> dict[str, Told]:
    """Our texts in a language by purpose."""
    found: dict[str, Told] = {}
    for part in resource("notices", f"{language}.txt").read_text("utf-8").split("[")[1:]:
        purpose, _bracket, rest = part.partition("]\n")
        title, _end, text = rest.strip().partition("\n")
        found[purpose] = Told(purpose, language, FIRST, title, text.strip())
    return found


def told(session: Session, purpose: str, language: str) -> Told | None:
    """The text in force today for a purpose in a language; None if there is none."""
    today = date.today().isoformat()
    rows = sa.select(Notice).where(
        Notice.purpose == purpose,
        Notice.language == language,
        Notice.deleted.is_(False),
        sa.or_(Notice.since.is_(None), Notice.since <= today),
    )
    newest = max(
        session.scalars(rows), key=lambda each: (each.since or "", each.id), default=None
    )
    if newest is not None:
        words = newest.title or "", newest.text or ""
        return Told(purpose, language, newest.version or FIRST, *words, newest.id)
    return shipped(language).get(purpose) if language in SHIPPED else None


def languages(session: Session, purpose: str) -> tuple[str, ...]:
    """Languages in which there is a text for a purpose."""
    rows = sa.select(Notice.language).where(
        Notice.purpose == purpose, Notice.deleted.is_(False)
    )
    return tuple(dict.fromkeys([*SHIPPED, *filter(None, session.scalars(rows.distinct()))]))


def spoken_by(session: Session, person: View, purpose: str) -> str:
    """The first of a person's languages in which there is a text; else that of the paper."""
    there = languages(session, purpose)
    known: Sequence[str] = person.values.get("languages") or ()
    usual = i18n.language() if i18n.language() in there else "fr"
    return next((code for code in known if code in there), usual)


def spoken_with(session: Session, id: str) -> str:
    """`spoken_by` for the information notice of a person. Raises Gone."""
    return spoken_by(session, records.get(session, "person", id), INFORMATION)


def agree(session: Session, person: str, purpose: str, language: str, means: str) -> str:
    """Note a consent given today with the text that was read, in its version; its id."""
    text = told(session, purpose, language)
    values = {
        "person": person,
        "purpose": purpose,
        "answer": "given",
        "means": means,
        "language": language,
        "version": text.version if text else None,
        "notice": text.id or None if text else None,
        "given": date.today().isoformat(),
    }
    return records.save(session, "consent", None, values)


# on paper -----------------------------------------------------------------------


@cache
def _words(language: str) -> dict[str, str]:
    """The few words around the texts, where the program itself does not speak a language."""
    found = {}
    held = shipped(language if language in SHIPPED else "fr")["words"]
    for line in f"{held.title}\n{held.text}".splitlines():
        name, _equals, words = line.partition("=")
        found[name] = words
    return found


def information(session: Session, id: str, tongue: str = "") -> RecordSheet:
    """The information notice for a person, in a language (that of the paper)."""
    person = records.get(session, "person", id)
    tongue = tongue or i18n.language()
    text = told(session, INFORMATION, tongue) or shipped("fr")[INFORMATION]
    blocks: list[Block] = [Paragraph(part) for part in text.text.splitlines() if part.strip()]
    blocks.append(Paragraph(_version(text), "small"))
    return RecordSheet(papers.imprint(session, person.code), text.title, text.title, (*blocks,))


def form(session: Session, id: str, tongue: str = "") -> RecordSheet:
    """What a person may agree to, purpose by purpose, with room to sign."""
    person = records.get(session, "person", id)
    tongue = tongue or i18n.language()
    words = _words(tongue)
    consents = reversed(records.lines_of(session, "consent", id))
    held = {view.values["purpose"]: view.values["answer"] for view in consents}
    blocks: list[Block] = []
    for purpose in codelists.get("consent_purposes"):
        if text := told(session, purpose.code, tongue):
            blocks.append(_asked(text, held.get(purpose.code, "")))
    means = [
        CheckItem(words.get(f"means.{item.code}") or item.label(), False)
        for item in codelists.get("consent_means")
    ]
    parties = [Party(words["person"], person.title), Party(words["witness"])]
    signed = Signatures([*parties, Party(words["office"])])
    blocks += [KeepTogether([*section(words["means"], CheckList(means)), signed])]
    imprint = papers.imprint(session, person.code)
    return RecordSheet(imprint, words["title"], person.title, (*blocks,))


def _asked(text: Told, answer: str) -> Block:
    words = _words(text.language)
    boxes = [
        CheckItem(words["agree"], answer == "given"),
        CheckItem(words["refuse"], answer == "refused"),
    ]
    parts = [Paragraph(part) for part in text.text.splitlines() if part.strip()]
    parts.append(Paragraph(_version(text), "small"))
    return KeepTogether(section(text.title, *parts, CheckList(boxes)))


def _version(text: Told) -> str:
    return _words(text.language)["version"].format(version=text.version)


FILLERS = {"information-notice": information, "consent-form": form}
"""Documents in the language of the person, by name."""
