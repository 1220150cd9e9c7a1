"""What leaves the office in clear is written down before it leaves."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc

from . import records


class Untold(Mistake):
    """Nothing personal leaves without a recipient and a reason."""

    code = "DSC-001"
    text = N_("Say to whom these data go and why: the office answers for it.")


def note(session: Session, what: str, recipient: str, reason: str) -> str:
    """A line of the log of disclosures; its id. Raises Untold."""
    if not recipient.strip() or not reason.strip():
        raise Untold("recipient" if not recipient.strip() else "reason")
    values = {
        "at": now_utc(),
        "account": session.info.get("actor") or None,
        "what": what,
        "recipient": recipient.strip(),
        "reason": reason.strip(),
    }
    return records.save(session, "disclosure", None, values)
