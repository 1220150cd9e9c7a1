"""What hangs on a campaign, said before it is deleted. Its units, draws, papers and targets
go to the bin with it (their links say so, see `models.kinds.Link`) and come back with it;
its interviews stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models.office import Submission
from migdesk.models.survey import CampaignTarget, Draw, PaperCopy, SurveyUnit


@dataclass(frozen=True)
class Hanging:
    """How much hangs on some campaigns; `interviews` name one of them."""

    units: int
    draws: int
    papers: int
    targets: int
    interviews: int

    def words(self) -> str:
        """What goes and what stays, in sentences; "" where nothing hangs."""
        going, n = ", ".join(self._going()), self.interviews
        said = [_("With it go: {list}.").format(list=going)] if going else []
        if n:
            kept = ngettext("{n} interview is kept.", "{n} interviews are kept.", n)
            said.append(kept.format(n=n))
        return " ".join(said)

    def _going(self) -> Iterator[str]:
        copies = ngettext(
            "{n} paper questionnaire", "{n} paper questionnaires", self.papers
        )
        for n, words in (
            (self.units, ngettext("{n} survey unit", "{n} survey units", self.units)),
            (self.draws, ngettext("{n} draw", "{n} draws", self.draws)),
            (self.papers, copies),
            (self.targets, ngettext("{n} target", "{n} targets", self.targets)),
        ):
            if n:
                yield words.format(n=n)


def hanging(session: Session, campaigns: Sequence[str]) -> Hanging:
    """What hangs on campaigns that somebody is about to delete."""

    def count(model: type[SurveyUnit | Draw | PaperCopy | CampaignTarget | Submission]) -> int:
        statement = sa.select(sa.func.count()).where(
            model.campaign.in_(campaigns), model.deleted.is_(False)
        )
        return session.scalar(statement) or 0

    return Hanging(
        count(SurveyUnit),
        count(Draw),
        count(PaperCopy),
        count(CampaignTarget),
        count(Submission),
    )
