"""What a form asks of the computer that it is filled on: whose it is, what was saved last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms import Form, Run
from migdesk.forms.definition import LAST_SAVED
from migdesk.models.meta import get_meta
from migdesk.models.office import Account, Questionnaire, Submission


@dataclass(frozen=True)
class Device:
    """`properties` are named as in ODK; `last_saved` is XML, None where there is none or the
    form does not look at it."""

    properties: Mapping[str, str] = field(default_factory=dict)
    last_saved: str | None = None

    def run(
        self,
        form: Form,
        language: str | None = None,
        draft: Mapping[str, Any] | None = None,
    ) -> Run:
        """A filling on this computer, new or from its draft."""
        return Run(
            form, language, draft, properties=self.properties, last_saved=self.last_saved
        )


def device(session: Session, form: Form, account: str = "") -> Device:
    """What a filling of `form` by the person with this account is given."""
    person = session.get(Account, account) if account else None
    properties = {"deviceid": f"migdesk:{get_meta(session, 'device')}"}
    if person is not None and person.name:
        properties["username"] = person.name
    looks = any(top is LAST_SAVED for top in form.definition.instances.values())
    return Device(properties, _last_saved(session, form, account) if looks else None)


def _last_saved(session: Session, form: Form, account: str) -> str | None:
    """The newest record of any version of the form that this person finished."""
    query = (
        sa.select(Submission.xml)
        .join(Questionnaire, Questionnaire.id == Submission.questionnaire)
        .where(Questionnaire.form == form.form_id, Submission.deleted.is_(False))
        .order_by(Submission.finished.desc(), Submission.id.desc())
        .limit(1)
    )
    if account:
        query = query.where(Submission.account == account)
    return session.scalar(query)
