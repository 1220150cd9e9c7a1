"""Files that a form asks for, read from its XForm before the form itself can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from migdesk.forms.attached import ITEMSETS
from migdesk.forms.media import FORMS, file_name
from migdesk.forms.secondary import SEARCHED, file_of, file_searched, pulled
from migdesk.forms.xml import local, parse_xml


@dataclass(frozen=True, slots=True)
class Needs:
    """Names of files: a form does not open without its `lists`; without its `media` it
    does, and shows a gap."""

    lists: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield from self.lists
        yield from self.media


@lru_cache(maxsize=64)
def needs(xml: str | bytes) -> Needs:
    """What a form needs beside it. Raises NotAForm, UnsafeForm."""
    html = parse_xml(xml)
    lists: dict[str, None] = {}
    media: dict[str, None] = {}
    declared: set[str] = set()
    for element in html.iter():
        name = local(element)
        if name == "instance" and element.get("src") and not len(element):
            declared.add(element.get("id", ""))
            source = element.get("src", "")
            if not source.startswith("jr://instance/"):
                lists[file_of(source)] = None
        elif name == "value" and element.get("form") in FORMS and not len(element):
            media[file_name(element.text or "")] = None
        elif name == "input" and element.get("query"):
            lists[ITEMSETS] = None
        searched = SEARCHED.search(element.get("appearance", ""))
        if searched is not None:
            lists[file_searched(searched[1])] = None
    for name in pulled(html):
        if name not in declared:
            lists[file_searched(name)] = None
    media.pop("", None)
    media.pop("-", None)
    return Needs(tuple(lists), tuple(media))
