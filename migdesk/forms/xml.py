"""XML in: bounded, without entities, document types or network."""

from __future__ import annotations

from lxml import etree

from migdesk.forms.definition import Node, Tree
from migdesk.forms.faults import FormFault
from migdesk.i18n import N_

XFORMS = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
MAX_BYTES = 30_000_000
MAX_DEPTH = 50


class NotAForm(FormFault):
    code = "FRM-001"
    text = N_("This is no form that can be read ({why}). Import its XLSForm workbook instead.")


class UnsafeForm(FormFault):
    code = "FRM-002"
    text = N_(
        "The file declares a document type or entities, which no form needs. It was not opened."
    )


def parse_xml(text: str | bytes) -> etree._Element:
    """Root of an XML text. No network, no entities, no document type, bounded size."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    if len(data) > MAX_BYTES:
        raise NotAForm(why="> 30 MB")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8" if isinstance(text, str) else None,
    )
    if b"<!DOCTYPE" in data[:MAX_BYTES] or b"<!ENTITY" in data:
        raise UnsafeForm()
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAForm(why=str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeForm()
    return root


def local(element: etree._Element) -> str:
    """Tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def qualified(element: etree._Element) -> str:
    """Tag as an expression names it: ``orx:meta``, or just ``meta`` in the form's space."""
    prefix = element.prefix
    return f"{prefix}:{local(element)}" if prefix else local(element)


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Attributes as an expression names them (``orx:version``), JavaRosa's own left out."""
    prefixes = {space: prefix for prefix, space in element.nsmap.items() if prefix}
    found = {}
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if f"{{{name.namespace}}}" != JR:
            prefix = prefixes.get(name.namespace or "")
            found[f"{prefix}:{name.localname}" if prefix else name.localname] = str(value)
    return found


def tree_of(element: etree._Element, node: Node) -> Tree:
    """Answers written in an instance element that has the shape of `node`.

    Elements that the form does not know are left out. A repeat's template rows are
    not answers.
    """
    tree: Tree = {}
    children: dict[str, Node] = {child.name: child for child in node.children}
    if any(child.attribute for child in node.children):
        given = attributes_of(element)
        tree |= {name: given[name[1:]] for name in children if name[1:] in given}
    for child in element:
        inner = children.get(qualified(child)) or children.get(local(child))
        if inner is None:
            continue
        if inner.repeat:
            rows = tree.setdefault(inner.name, [])
            if child.get(f"{JR}template") is None:
                rows.append(tree_of(child, inner))
        elif inner.children:
            tree[inner.name] = tree_of(child, inner)
        else:
            tree[inner.name] = (child.text or "").strip()
    return tree


def beside_questions(action: etree._Element) -> bool:
    """Whether an action stands in the body itself, where no engine heeds it."""
    around = action.getparent()
    return around is not None and around.tag == f"{XHTML}body"
