"""Computed parts of papers on referrals, rights, returns and families."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models.dates import parse_day
from migdesk.models.refer import RightsText
from migdesk.printing.blocks import (
    Block,
    Boxes,
    Chart,
    CheckItem,
    CheckList,
    Column,
    KeepTogether,
    Paragraph,
    Party,
    Question,
    Section,
    Signatures,
    Total,
)
from migdesk.printing.sheets.common import facts, section, table

from . import records
from .records import View
from .views import views

PACK = 12
"""Texts of an information pack."""


def route(session: Session, person: View) -> Sequence[Block]:
    """Services to which a person was referred and from which no answer is final, in the
    order of their dates: where, when, what to bring."""
    blocks: list[Block] = []
    waiting = [
        r
        for r in records.linked(session, "referral", "person", person.id)
        if r.values["status"] in ("to_send", "sent", "accepted")
    ]
    waiting.sort(key=lambda r: (r.values["answer_by"] or "9999", r.values["sent"] or "", r.id))
    for number, referral in enumerate(waiting, 1):
        told = _where(session, referral)
        name = referral.shown["service"] or referral.shown["organisation"] or referral.title
        blocks.append(KeepTogether([Section(f"{number}. {name}", level=2), facts(told)]))
    if not blocks:
        blocks.append(Paragraph(_("No referral is open."), "hint"))
    return blocks


def _where(session: Session, referral: View) -> list[tuple[str, str]]:
    told = [(_("Why"), referral.shown["reason"])]
    if referral.values["service"]:
        service = records.get(session, "service", referral.values["service"])
        told += [
            (_("Address"), service.shown["address"]),
            (_("Hours"), service.shown["hours"]),
            (_("Telephone"), service.shown["phone"]),
            (_("What to do and bring"), service.shown["how"]),
        ]
    return [*told, (_("Before"), referral.shown["answer_by"])]


def return_slip(_session: Session, referral: View) -> Sequence[Block]:
    """The part that the service sends back."""
    answers = [CheckItem(words) for words in (_("Accepted"), _("Done"), _("Not possible"))]
    words = _("Return slip, to be sent back to the office. Number {code}.")
    return [
        KeepTogether(
            [
                Section(_("Answer of the service")),
                Paragraph(words.format(code=referral.code)),
                CheckList(answers),
                Question("", _("What was done, or why not"), [Boxes(lines=3)]),
                Signatures([Party(_("Name, date and stamp"))]),
            ]
        )
    ]


def pack(session: Session, person: View) -> Sequence[Block]:
    """Texts on the country where the person is, or wishes to go, in a language that the
    person reads; those that were checked last come first."""
    country = person.values["residence_country"]
    languages = person.values["languages"] or []
    statement = sa.select(RightsText).where(RightsText.deleted.is_(False))
    rows = views(session, "rights_text", session.scalars(statement))

    def rank(text: View) -> tuple[bool, bool, str]:
        values = text.values
        return (
            values["country"] != country,
            bool(languages) and values["language"] not in languages,
            _inverted(values["checked"] or ""),
        )

    blocks: list[Block] = []
    for text in sorted(rows, key=rank)[:PACK]:
        source = " · ".join(filter(None, (text.shown["source"], text.shown["checked"])))
        heading = " · ".join(filter(None, (text.title, text.shown["country"])))
        blocks += section(
            heading,
            Paragraph(text.shown["text"]),
            Paragraph(source, "small") if source else None,
        )
    if not blocks:
        blocks.append(Paragraph(_("The office has no text yet on this."), "hint"))
    return blocks


def _inverted(day: str) -> str:
    """Sorts days from the newest to the oldest, unknown ones last."""
    return "".join(chr(0x10FF - ord(sign)) for sign in day) or "\U0010ffff"


def knowledge(_session: Session, campaign: View) -> Sequence[Block]:
    """How many knew the message before and after, in percent, with the difference."""
    values = campaign.values
    shares = [
        100 * knew / asked if asked and knew is not None else None
        for asked, knew in (
            (values["asked_before"], values["knew_before"]),
            (values["asked_after"], values["knew_after"]),
        )
    ]
    if None in shares:
        return [Paragraph(_("Ask people before and after, to see what changed."), "hint")]
    before, after = (share or 0.0 for share in shares)
    words = _("Before: {before} %. After: {after} %. Difference: {points} points.")
    told = words.format(before=round(before), after=round(after), points=round(after - before))
    chart = Chart(
        (_("Before"), _("After")), (_("Knew the message"),), ((before, after),), unit="%"
    )
    return section(_("What people know"), Paragraph(told), chart)


def insured_time(session: Session, claim: View) -> Sequence[Block]:
    """Months of insurance by country; periods that overlap are counted once."""
    by_country: dict[str, list[tuple[int, int]]] = {}
    for period in records.lines_of(session, "claim_period", claim.id):
        first, last = (parse_day(period.values[n] or "") for n in ("starts", "ends"))
        if first is None or last is None or last < first:
            continue
        country = period.shown["country"] or claim.shown["country"]
        by_country.setdefault(country, []).append((_month(first), _month(last)))
    if not by_country:
        return [Paragraph(_("Give the first and the last day of each period."), "hint")]
    months = {country: covered(spans) for country, spans in by_country.items()}
    rows = [(country, _years(n)) for country, n in sorted(months.items())]
    everything = covered(span for spans in by_country.values() for span in spans)
    made = table(
        [Column(_("Country")), Column(_("Time insured"), "end")],
        rows,
        totals=[Total((_("In all, counted once"), _years(everything)))],
    )
    return section(_("Time insured"), made)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def covered(spans: Iterable[tuple[int, int]]) -> int:
    """Months that spans (first, last month, both counted) cover, overlaps once."""
    total, end = 0, -1
    for first, last in sorted(spans):
        total += max(0, last - max(first, end + 1) + 1)
        end = max(end, last)
    return total


def _years(months: int) -> str:
    years, rest = divmod(months, 12)
    return " ".join(
        (
            ngettext("{n} year", "{n} years", years).format(n=years),
            ngettext("{n} month", "{n} months", rest).format(n=rest),
        )
    )


MADE = {
    "route": route,
    "return-slip": return_slip,
    "pack": pack,
    "knowledge": knowledge,
    "insured-time": insured_time,
}
