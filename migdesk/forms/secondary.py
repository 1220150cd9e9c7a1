"""Secondary instances of a form: lists written in it, and lists that lie beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from migdesk.forms.attached import (
    ITEMSETS,
    NoColumn,
    columns_of,
    item_of,
    read_itemset,
    read_list,
)
from migdesk.forms.definition import LAST_SAVED, Control, Item, Itemset
from migdesk.forms.faults import Place
from migdesk.forms.media import file_name
from migdesk.forms.xml import XFORMS

QUERIED = re.compile(r"\s*instance\(\s*['\"]([^'\"]+)['\"]")
SEARCHED = re.compile(r"search\(\s*['\"]([^'\"]+)['\"]")
_PULLED = re.compile(r"pulldata\(\s*['\"]([^'\"]+)['\"]")
_WHOLE = re.compile(r"\s*instance\(\s*['\"]([^'\"]+)['\"]\s*\)/root/item")


def file_searched(name: str) -> str:
    """File that search() and pulldata() mean: the ending “.csv” may be left out."""
    return name if name.lower().endswith(".csv") else f"{name}.csv"


def pulled(html: etree._Element) -> Iterator[str]:
    """Names in pulldata(), which a form may use without declaring the list."""
    for element in html.iter(f"{XFORMS}bind", f"{XFORMS}setvalue", f"{XFORMS}output"):
        for source in element.attrib.values():
            yield from _PULLED.findall(str(source))


def file_of(source: str) -> str:
    """File of ``jr://file-csv/zones.csv``; pyxform doubles an ending written in pulldata()."""
    return file_name(source).replace(".csv.csv", ".csv")


class Secondary:
    """`instances` by id, the external choices that the body names included; `attached`
    by file name, the lists of search() included. Raises MissingFile, BadList."""

    def __init__(
        self,
        html: etree._Element,
        elements: Iterable[etree._Element],
        files: Mapping[str, bytes],
    ) -> None:
        self._files = files
        self.attached: dict[str, Item] = {}
        self.instances = {e.get("id", ""): self._instance(e) for e in elements}
        for element in html.iter(f"{XFORMS}input"):
            named = QUERIED.match(element.get("query", ""))
            if named is not None and named[1] not in self.instances:
                self.instances[named[1]] = read_itemset(named[1], files)
        for element in html.iter(f"{XFORMS}select", f"{XFORMS}select1"):
            searched = SEARCHED.search(element.get("appearance", ""))
            if searched is not None:
                self._attached(file_searched(searched[1]))
        for name in pulled(html):
            if name not in self.instances:
                self._attached(file_searched(name))

    def _instance(self, element: etree._Element) -> Item:
        source = element.get("src")
        if source == "jr://instance/last-saved":
            return LAST_SAVED
        if source and not len(element):
            return self._attached(file_of(source))
        top = Item("", "", None)
        top.children = [item_of(child, top) for child in element]
        return top

    def _attached(self, name: str) -> Item:
        if name not in self.attached:
            self.attached[name] = read_list(name, self._files)
        return self.attached[name]

    def check(self, body: Iterable[Control]) -> None:
        """Refuse choices taken from columns that an attached table has not. Raises
        NoColumn."""
        for top in body:
            for control in top.walk():
                if control.itemset is not None:
                    self._check(control, control.itemset)

    def _check(self, control: Control, itemset: Itemset) -> None:
        whole = _WHOLE.match(itemset.nodeset)
        list_ = self.instances.get(whole[1]) if whole else None
        columns = columns_of(list_) if list_ is not None else ()
        for name in (itemset.value, itemset.label) if columns else ():
            if name not in columns:
                raise NoColumn(
                    Place(column="type", ref=control.node.path if control.node else None),
                    name=next((n for n, i in self.attached.items() if i is list_), ITEMSETS),
                    column=name,
                    columns=", ".join(columns),
                )
