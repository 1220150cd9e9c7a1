"""A finished submission edited, as ODK does it: the answers get a new identifier, and say
which one they come in the place of (``meta/deprecatedID``)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from migdesk.forms.form import Form
from migdesk.forms.submission import read
from migdesk.forms.xml import local, parse_xml

INSTANCE, DEPRECATED, ROOT = "instanceID", "deprecatedID", "rootUuid"


def reopened(form: Form, xml: str, instance: str) -> dict[str, Any]:
    """A submission as a draft with another identifier, so that what the form calculates
    from it follows. A form without an identifier gets none."""
    draft = read(form, xml)
    for path in form.definition.nodes:
        if path.rpartition("/")[2].rpartition(":")[2] == INSTANCE:
            *around, name = path.split("/")[2:]
            place = draft["answers"]
            for part in around:
                place = place.setdefault(part, {})
            place[name] = instance
            break
    return draft


def replacing(xml: str, instance: str) -> str:
    """The XML of a submission that comes in the place of another one."""
    root = parse_xml(xml)
    own = next((element for element in root.iter() if local(element) == INSTANCE), None)
    parent = own.getparent() if own is not None else None
    if own is None or parent is None or not instance:
        return xml
    held = next((element for element in parent if local(element) == DEPRECATED), None)
    if held is None:
        space = str(own.tag).rpartition("}")[0]
        held = etree.Element(f"{space}}}{DEPRECATED}" if space else DEPRECATED)
        own.addnext(held)
    held.text = instance
    return etree.tostring(root, encoding="unicode")


def replaced(xml: str) -> tuple[str, ...]:
    """Identifiers of earlier copies that a submission names: the one before, and the first
    (``meta/rootUuid``, which Kobo writes)."""
    if DEPRECATED not in xml and ROOT not in xml:
        return ()
    found = (e for e in parse_xml(xml).iter() if local(e) in (DEPRECATED, ROOT))
    return tuple(filter(None, ((element.text or "").strip() for element in found)))
