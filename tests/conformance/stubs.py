"""Small lists in place of the attachments that a corpus names but does not bring.

Their columns are those that the form asks for, so that filters and look-ups find rows.
"""

from __future__ import annotations

import re

_SOURCE = re.compile(r"<(?:\w+:)?instance\b[^>]*\bid=\"([^\"]+)\"[^>]*\bsrc=\"([^\"]+)\"")
_SWAPPED = re.compile(r"<(?:\w+:)?instance\b[^>]*\bsrc=\"([^\"]+)\"[^>]*\bid=\"([^\"]+)\"")
_PULL = re.compile(r"pulldata\(\s*'([^']+)'\s*,\s*'([^']+)'\s*,\s*'([^']+)'")
_NAME = re.compile(r"(?<![\w./'\-$])[A-Za-z_][\w\-]*(?![\w(]|\s*\()")
_REF = re.compile(r"<(?:value|label) ref=\"([^\"()]+)\"")
ROWS = 6


def stubs(xml: str) -> dict[str, bytes]:
    """File name → contents of every list that the form reads from outside."""
    named = dict(_SOURCE.findall(xml)) | {i: s for s, i in _SWAPPED.findall(xml)}
    found: dict[str, bytes] = {}
    for instance, source in named.items():
        name = source.rpartition("/")[2]
        columns = ["name", "label", *_asked(instance, xml)]
        if source.endswith((".csv", ".xml")):
            found[name] = _csv(columns) if name.endswith(".csv") else _xml(columns)
    for name, value, key in _PULL.findall(xml):
        file = name if name.endswith(".csv") else f"{name}.csv"
        found[file] = _csv(["name", "label", key, value])
    return found


def _asked(instance: str, xml: str) -> list[str]:
    """Names used beside a list: in its predicates, after it, and by choices."""
    names: list[str] = _REF.findall(xml)
    text = xml.replace("&apos;", "'").replace("&quot;", '"')
    pattern = rf"instance\(['\"]{re.escape(instance)}['\"]\)(/[\w\-/]+)?((?:\[[^\]]*\])*)(/[\w\-]+)?"
    for head, predicates, tail in re.findall(pattern, text):
        names += _NAME.findall(re.sub(r"'[^']*'", "", predicates))
        names += [tail[1:]] if tail else head.split("/")[3:]
    return [n for n in dict.fromkeys(names) if n not in ("and", "or", "div", "mod", "root", "item")]


def _value(column: str, row: int) -> str:
    return f"Item {row}" if column == "label" else f"v{row}" if column == "name" else f"{row % 3}"


def _csv(columns: list[str]) -> bytes:
    heads = list(dict.fromkeys(columns))
    lines = [",".join(_value(head, row) for head in heads) for row in range(ROWS)]
    return "\n".join([",".join(heads), *lines, ""]).encode()


def _xml(columns: list[str]) -> bytes:
    heads = list(dict.fromkeys(columns))
    items = (
        "".join(f"<{head}>{_value(head, row)}</{head}>" for head in heads) for row in range(ROWS)
    )
    return f"<root>{''.join(f'<item>{item}</item>' for item in items)}</root>".encode()
