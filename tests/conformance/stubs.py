"""Small lists in place of the attachments that a corpus names but does not bring.

Their columns are those that the form asks for, so that filters and look-ups find rows.
"""

from __future__ import annotations

import re

_SOURCE = re.compile(r"<(?:\w+:)?instance\b[^>]*\bid=\"([^\"]+)\"[^>]*\bsrc=\"([^\"]+)\"")
_SWAPPED = re.compile(r"<(?:\w+:)?instance\b[^>]*\bsrc=\"([^\"]+)\"[^>]*\bid=\"([^\"]+)\"")
_PULL = re.compile(r"pulldata\(" + r"\s*,".join([r"\s*['\"]([^'\"]+)['\"]"] * 3))
_SEARCH = re.compile(r"search\(\s*['\"]([^'\"]+)['\"]")
_QUERY = re.compile(r"query=\"instance\('([^']+)'\)")
_VALUE = re.compile(r"<(?:value|label)>([A-Za-z_]\w*)<")
_NAME = re.compile(r"(?<![\w./'\-$])[A-Za-z_][\w\-]*(?![\w(]|\s*\()")
_REF = re.compile(r"<(?:value|label) ref=\"([^\"()]+)\"")
_RESERVED = ("and", "or", "div", "mod", "root", "item")
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
    text = xml.replace("&quot;", '"').replace("&apos;", "'")
    for name, value, key in _PULL.findall(text):
        found[_file(name)] = _csv(["name", "label", key, value])
    for name in _SEARCH.findall(text):
        found[_file(name)] = _csv(["name", "label", *_VALUE.findall(xml)])
    lists = dict.fromkeys(_QUERY.findall(xml))
    if lists:
        columns = ["list_name", "name", "label", *(c for n in lists for c in _asked(n, xml))]
        lines = [line for n in lists for line in _lines(columns, n)]
        found["itemsets.csv"] = "\n".join(
            [",".join(dict.fromkeys(columns)), *lines, ""]
        ).encode()
    return found


def _file(name: str) -> str:
    return name if name.endswith(".csv") else f"{name}.csv"


def _asked(instance: str, xml: str) -> list[str]:
    """Names used beside a list: in its predicates, after it, and by choices."""
    names: list[str] = _REF.findall(xml)
    text = xml.replace("&apos;", "'").replace("&quot;", '"')
    pattern = (
        rf"instance\(['\"]{re.escape(instance)}['\"]\)(/[\w\-/]+)?((?:\[[^\]]*\])*)(/[\w\-]+)?"
    )
    for head, predicates, tail in re.findall(pattern, text):
        names += _NAME.findall(re.sub(r"'[^']*'", "", predicates))
        names += [tail[1:]] if tail else head.split("/")[3:]
    return [
        n for n in dict.fromkeys(names) if n not in ("and", "or", "div", "mod", "root", "item")
    ]


def _value(column: str, row: int) -> str:
    if column == "label":
        return f"Item {row}"
    return f"v{row}" if column == "name" else str(row % 3)


def _lines(columns: list[str], list_name: str = "") -> list[str]:
    heads = list(dict.fromkeys(columns))
    return [
        ",".join(list_name if h == "list_name" else _value(h, row) for h in heads)
        for row in range(ROWS)
    ]


def _csv(columns: list[str]) -> bytes:
    heads = ",".join(dict.fromkeys(columns))
    return "\n".join([heads, *_lines(columns), ""]).encode()


def _xml(columns: list[str]) -> bytes:
    items = (
        "".join(f"<{head}>{_value(head, row)}</{head}>" for head in dict.fromkeys(columns))
        for row in range(ROWS)
    )
    return f"<root>{''.join(f'<item>{item}</item>' for item in items)}</root>".encode()
