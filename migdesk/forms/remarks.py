"""What a form asks for and the program does not do: told to the designer, never hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migdesk.forms.appearances import (
    BIND_ATTRIBUTES,
    BODY_ATTRIBUTES,
    SURVEY_COLUMNS,
    honoured,
)
from migdesk.forms.definition import Control
from migdesk.forms.faults import Place, Remark
from migdesk.forms.form import Form
from migdesk.forms.sheets import FIRST_ROW, Sheets
from migdesk.forms.xml import XFORMS, XHTML, local, parse_xml
from migdesk.i18n import N_

_SEARCH = re.compile(r"search\s*\(.*\)", re.DOTALL)
_MODEL = frozenset({"instance", "bind", "itext", "setvalue", "setgeopoint", "recordaudio"})

APPEARANCE = N_("the appearance “{word}” does nothing for this type here; the question works.")
ATTRIBUTE = N_("“{word}” does nothing here.")
COLUMN = N_("the column “{word}” is not known here and does nothing.")
ACTION = N_("“{word}” is not done here.")
STYLE = N_("the style “{word}” of the form does nothing here.")
SENDING = N_("“{word}” of the form does nothing here: answers travel by Exchange.")
TYPE = N_("“{name}” ({type}) is answered as text for now.")


def remarks(form: Form, xml: str, sheets: Sheets) -> tuple[Remark, ...]:
    """Appearances, attributes, actions, columns and types that are not honoured, each at its
    place in the workbook."""
    found = [*_of_body(form), *_of_model(xml), *_of_types(form)]
    placed = [Remark(r.text, sheets.place_of(r.place)) for r in found]
    placed += _of_columns(sheets)
    # Texts are equal whatever fills their gaps: compared as they read.
    return tuple({(str(r.text), r.place): r for r in placed}.values())


def _of_body(form: Form) -> Iterator[Remark]:
    for top in form.definition.body:
        for control in top.walk():
            ref = control.node.path if control.node is not None else None
            kind = _kind(form, control)
            for word in _SEARCH.sub(" ", control.appearance).split():
                if not honoured(kind, word):
                    yield Remark(APPEARANCE(word=word), Place(column="appearance", ref=ref))
            for name in control.attributes:
                word = name.rpartition("}")[2]
                if word not in BODY_ATTRIBUTES:
                    yield Remark(ATTRIBUTE(word=word), Place(column=f"body::{word}", ref=ref))


def _kind(form: Form, control: Control) -> str:
    if control.kind in ("group", "repeat") or control.node is None:
        return control.kind
    return form.type_of(control.node)


def _of_model(xml: str) -> Iterator[Remark]:
    html = parse_xml(xml)
    body = html.find(f"{XHTML}body")
    for word in (body.get("class", "") if body is not None else "").split():
        if word != "theme-grid":
            yield Remark(STYLE(word=word), Place("settings", FIRST_ROW, "style"))
    for element in body if body is not None else ():
        if local(element) in _MODEL:
            yield Remark(ACTION(word=local(element)), Place(ref=element.get("ref")))
    model = html.find(f".//{XFORMS}model")
    for element in model if model is not None else ():
        name = local(element)
        if name == "bind":
            for attribute in element.attrib:
                word = str(attribute).rpartition("}")[2]
                if word not in BIND_ATTRIBUTES:
                    place = Place(column=f"bind::{word}", ref=element.get("nodeset"))
                    yield Remark(ATTRIBUTE(word=word), place)
        elif name == "submission":
            for attribute in element.attrib:
                word = str(attribute).rpartition("}")[2]
                if word not in ("method", "base64RsaPublicKey"):
                    yield Remark(SENDING(word=word), Place("settings", FIRST_ROW))
        elif name not in _MODEL:
            yield Remark(ACTION(word=name), Place(ref=element.get("ref")))


def _of_types(form: Form) -> Iterator[Remark]:
    for ref, kind in form.not_yet():
        name = ref.rpartition("/")[2]
        yield Remark(TYPE(name=name, type=kind), Place(column="type", ref=ref))


def _of_columns(sheets: Sheets) -> Iterator[Remark]:
    for head in sheets.heads():
        if re.split(r"::?", head, maxsplit=1)[0].strip() not in SURVEY_COLUMNS:
            yield Remark(COLUMN(word=head), Place("survey", 1, head))
