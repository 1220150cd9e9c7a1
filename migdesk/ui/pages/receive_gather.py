"""From what stands on the screen to one reception, and from a refusal back to its field."""

from __future__ import annotations

from migdesk.errors import Fault, Mistake
from migdesk.services.persons import Reception
from migdesk.ui.recordview.editors import FieldBox

from .receive_register import RegisterCard
from .receive_visit import VisitCards


def gather(
    visit: VisitCards, known: str, new: RegisterCard | None, named: bool, again: str = ""
) -> Reception | None:
    """All that a save writes; None if a field is wrong, which is then said beside it.

    `known` is the id of the person, `new` the form of somebody unknown; without a name
    there is no case, and `again` is an earlier visit under the same number.
    """
    register = new.fields.values() if new is not None else {}
    if register is None:
        return None
    asked = visit.values()
    case = visit.case.values() if named else {}
    if asked is None or case is None:
        return None
    return Reception(
        visit=asked if named else {**asked, "case": None},
        person=known,
        register=register,
        consents=new.consents.values() if new is not None else (),
        case=case,
        again=again,
    )


def box_of(fault: Fault, visit: VisitCards, new: RegisterCard | None) -> FieldBox | None:
    """The field that a mistake belongs to, None if it is not on the screen."""
    if not isinstance(fault, Mistake) or not fault.field:
        return None
    places = [visit.asked, visit.done, visit.case.fields]
    if new is not None:
        places.insert(0, new.fields)
    return next((p.boxes[fault.field] for p in places if fault.field in p.boxes), None)
