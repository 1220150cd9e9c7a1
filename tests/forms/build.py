"""Forms written inside tests, as XForm or as markdown XLSForm."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from migdesk.forms import Form
from migdesk.forms.xlsform import convert

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa">'
)


def xform(nodes: dict[str, dict[str, Any]], form_id: str = "t") -> str:
    """A flat form: node name → bind attributes; `type` int, string…; all are shown."""
    instance = "".join(f"<{name}/>" for name in nodes)
    binds = "".join(
        f'<bind nodeset="/data/{name}"'
        + "".join(f" {key}={quoteattr(str(text))}" for key, text in bind.items())
        + "/>"
        for name, bind in nodes.items()
    )
    body = "".join(
        f'<input ref="/data/{name}"><label>{escape(name)}</label></input>'
        for name, bind in nodes.items()
        if "calculate" not in bind
    )
    return (
        f"{HEAD}<h:head><h:title>T</h:title><model>"
        f'<instance><data id="{form_id}">{instance}</data></instance>{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


def md(text: str) -> Form:
    """Form of a markdown workbook."""
    return Form.load(convert(text, ".md").xml)
