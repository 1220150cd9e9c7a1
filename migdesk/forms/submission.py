"""Submission XML, out and in, as ODK writes it.

Relevant nodes only; a blank relevant question is an empty element. The root carries
the form's id and version; elements have no namespace but those that the form prefixes.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from migdesk.forms.definition import Node
from migdesk.forms.faults import FormFault
from migdesk.forms.form import Form
from migdesk.forms.instance import Row
from migdesk.forms.xml import local, parse_xml, tree_of
from migdesk.i18n import N_


class OtherSubmission(FormFault):
    code = "FRM-060"
    text = N_("This submission belongs to the form “{theirs}”, not to “{ours}”.")


def write(form: Form, root: Row) -> str:
    """XML text of the answers."""
    return etree.tostring(_element(form, form.definition.root, root), encoding="unicode")


def _element(form: Form, node: Node, row: Row) -> etree._Element:
    spaces = form.definition.namespaces if node.parent is None else None
    element = etree.Element(_tag(form, node.name), nsmap=dict(spaces) if spaces else None)
    for name, value in node.attributes.items():
        element.set(_tag(form, name), value)
    _children(form, node, row, element)
    etree.cleanup_namespaces(element) if node.parent is None else None
    return element


def _children(form: Form, node: Node, row: Row, element: etree._Element) -> None:
    for child in node.children:
        if child.repeat:
            for kid in row.kids[child.place]:
                if kid.relevant[0]:
                    element.append(_element(form, child, kid))
        elif child.attribute:
            element.set(_tag(form, child.name[1:]), row.kept[child.slot])
        elif row.relevant[child.slot]:
            inner = _element(form, child, row)
            if child.leaf and row.kept[child.slot]:
                inner.text = row.kept[child.slot]
            element.append(inner)


def _tag(form: Form, name: str) -> str:
    prefix, _, plain = name.rpartition(":")
    space = form.definition.namespaces.get(prefix)
    return f"{{{space}}}{plain}" if prefix and space else plain


def read(form: Form, xml: str | bytes) -> dict[str, Any]:
    """A submission as a draft: `Run(form, draft=read(form, xml))` opens it again.

    Raises NotAForm or UnsafeForm for bad XML, OtherSubmission for another form's.
    """
    root = parse_xml(xml)
    theirs = root.get("id") or local(root)
    if theirs != form.form_id:
        raise OtherSubmission(theirs=theirs, ours=form.form_id)
    return {
        "form": form.form_id,
        "version": root.get("version") or "",
        "answers": tree_of(root, form.definition.root),
    }
