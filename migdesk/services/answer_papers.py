"""Answers on paper: a table of counts, and the codebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from migdesk.forms.dataset import collect
from migdesk.i18n import _, language, ngettext
from migdesk.printing.blocks import Chart
from migdesk.printing.sheets.codebook import Codebook, CodebookEntry
from migdesk.printing.sheets.crosstable import CrossTable

from . import answers, form_words
from .answers import Limits, NoSubmissions
from .codebook import Described, describe
from .count_words import Laid, figure


def cross_table(
    session: Session,
    laid: Laid,
    subject: str,
    facts: Sequence[tuple[str, str]],
    stacked: bool = False,
    charted: bool = True,
) -> CrossTable:
    """A table that was counted already; `subject` is the title of the questionnaire."""
    from .papers import imprint

    drawn = Chart(laid.categories, laid.series, laid.bars, stacked, laid.unit)
    return CrossTable(
        imprint=imprint(session),
        title=laid.title,
        subject=subject,
        facts=tuple(facts),
        heads=laid.heads,
        rows=laid.rows,
        total=laid.total,
        notes=laid.notes,
        chart=drawn if charted and laid.categories else None,
        caption=laid.caption,
    )


def codebook(session: Session, form: str, limits: Limits | None = None) -> Codebook:
    """The codebook of a form, counted over the submissions within limits."""
    from .papers import imprint

    gathered = answers.gather(session, form, limits or Limits())
    if not gathered.forms:
        raise NoSubmissions
    forms = [(each, form_words.spoken_in(each, language())) for each in gathered.forms]
    data = collect(forms, gathered.entries)
    count = len(data.entries)
    names = [version.version for version in gathered.versions if version.version]
    return Codebook(
        imprint=imprint(session),
        title=data.title,
        versions=_("Versions: {names}").format(names=", ".join(names)) if names else "",
        count=ngettext(
            "Counted over {n} filled questionnaire.",
            "Counted over {n} filled questionnaires.",
            count,
        ).format(n=figure(count)),
        sheets=tuple(
            (sheet, tuple(_entry(each) for each in found))
            for sheet, found in groupby(describe(data, forms), lambda each: each.sheet)
        ),
    )


def _entry(each: Described) -> CodebookEntry:
    return CodebookEntry(
        name=each.path,
        label=each.label,
        type=each.type,
        choices=each.choices,
        condition=each.condition,
        answered=figure(each.answered),
        missing=figure(each.missing),
        not_asked=figure(each.not_asked),
    )


ANSWER_FILLERS: dict[str, Callable[..., Any]] = {
    "cross-table": cross_table,
    "codebook": codebook,
}
