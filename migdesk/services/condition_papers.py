"""What a financing window or a need asks, in words: conditions are stored as codes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.printing.blocks import Block, Column
from migdesk.printing.sheets.common import section, table

from . import records
from .match_facts import Words
from .matching import parsed, words_of
from .views import View


def asked(session: Session, owner: View) -> list[tuple[str, bool]]:
    """What a window or a need asks, each with whether it is only a preference."""
    conditions = [
        parsed(values["about"], values["how"], values["value"], values["wish"])
        for line in records.lines_of(session, f"{owner.kind}_condition", owner.id)
        if (values := line.values)["about"]
    ]
    show = Words(session, [(c.about, value) for c in conditions for value in c.values])
    return [(words_of(condition, show), condition.wish) for condition in conditions]


def conditions(session: Session, owner: View) -> Sequence[Block]:
    """A table of what is asked; a column of marks where something is only a preference."""
    rows = [
        (words, _("Only a preference") if wish else "") for words, wish in asked(session, owner)
    ]
    if not rows:
        return []
    return section(_("Conditions"), table([Column(_("Condition")), Column("")], rows))


MADE = {"conditions": conditions}
