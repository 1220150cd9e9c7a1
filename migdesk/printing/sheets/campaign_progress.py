"""Where a campaign stands: done against wanted, by target, place and enumerator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import Block, Column, Document, Note, Paragraph, Title, Total
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, section, spoken, table

Cells = tuple[str, ...]


@dataclass(frozen=True)
class CampaignProgress:
    """`targets` and `places` hold (name, wanted, done, percent, left); `workers` (name,
    wanted, done, percent, to visit, absent, refused, last day); `draws` (day, who, method,
    seed, drawn, frame, mark of the frame) and `strata` the sizes of the newest."""

    imprint: Imprint
    name: str
    questionnaire: str = ""
    summary: str = ""
    facts: Facts = ()
    figures: Facts = ()
    targets: Sequence[Cells] = ()
    places: Sequence[Cells] = ()
    places_total: Cells = ()
    workers: Sequence[Cells] = ()
    draws: Sequence[Cells] = ()
    strata: Sequence[str] = ()
    late: str = ""


@spoken
def lay_out(data: CampaignProgress) -> Document:
    """Figures first, then what they are made of, then how the sample was drawn."""
    title = _("Progress of a campaign")
    done = [
        Column(_("Wanted"), "end"),
        Column(_("Done"), "end"),
        Column("%", "end"),
        Column(_("Still to do"), "end"),
    ]
    worked = [
        *done[:3],
        Column(_("To visit"), "end"),
        Column(_("Absent"), "end"),
        Column(_("Refused"), "end"),
        Column(_("Last day")),
    ]
    draws = [
        Column(_("Drawn on")),
        Column(_("Drawn by")),
        Column(_("Method")),
        Column(_("Seed")),
        Column(_("Size"), "end"),
        Column(_("Frame"), "end"),
        Column(_("Mark of the frame")),
    ]
    totals = [Total(data.places_total)] if data.places_total else []
    blocks: list[Block] = [
        Title(data.name, kicker=title, subtitle=data.questionnaire),
        Paragraph(data.summary, "lead"),
        facts(data.facts),
        *section(_("In figures"), facts(data.figures, columns=3)),
        *([Note(data.late, tone="warning")] if data.late else []),
        *section(_("Targets"), table([Column(_("Target")), *done], data.targets)),
        *section(_("By place"), table([Column(_("Place")), *done], data.places, totals=totals)),
        *section(_("By enumerator"), table([Column(_("Enumerator")), *worked], data.workers)),
        *section(_("How the sample was drawn"), table(draws, data.draws)),
    ]
    if data.strata:
        blocks.append(Paragraph(_("Stratum: drawn + in reserve / units of the frame"), "hint"))
        blocks.append(Paragraph("\n".join(data.strata), "small"))
    return page(data.imprint, title, blocks)
