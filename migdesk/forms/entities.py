"""Entities: what a form says of people, households and other things that outlive it.

A form declares an entity beside the questions that tell of it (``meta/entity`` of the form,
of a group or of a repeat), and binds say which question gives which property
(``entities:saveto``). What a submission says of its entities is read from its XML alone, so
that one finished here and one that came from elsewhere are read alike (ODK Entities
specification, versions 2022.1 to 2025.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from migdesk.forms.faults import FormFault, Place
from migdesk.forms.xml import XFORMS, local, parse_xml
from migdesk.i18n import N_

SPACE = "{http://www.opendatakit.org/xforms/entities}"
NEWEST = 2025
"""Year of the newest version of the specification that is done here."""
_INSIDE = ("meta", "entity")
_PREFIX = re.compile(r"/[\w.-]+:")
_NAME = re.compile(r"(?!__)[^\W\d][\w-]*")


class BadEntity(FormFault):
    """An entity that no program could register."""

    code = "FRM-090"
    text = N_("The entity list “{name}” needs a name of letters, digits and _.")


class NoEntity(FormFault):
    code = "FRM-091"
    text = N_(
        "“{name}” is saved to a property, but no entity is declared around the question. Add "
        "it to the sheet “entities”, or empty the cell."
    )


class SavedTwice(FormFault):
    code = "FRM-092"
    text = N_("The property “{name}” of “{list}” is saved by two questions. Keep one.")


class NoLabel(FormFault):
    code = "FRM-093"
    text = N_("An entity of “{name}” is made without a label. Write its label.")


class NoId(FormFault):
    code = "FRM-094"
    text = N_("The form does not say which entity of “{name}” it changes. Write its entity_id.")


class NewerEntities(FormFault):
    code = "FRM-095"
    text = N_(
        "The form declares entities as of version {version}, which is newer than this "
        "program. Update MigDesk, or convert the form with an older pyxform."
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """An entity of a form. `path`: of its element, ``/data/kid/meta/entity``; `properties`:
    name → path of the question. `repeated`: one in each row of a repeat."""

    dataset: str
    path: str
    properties: Mapping[str, str]
    creates: bool
    updates: bool
    repeated: bool = False

    @property
    def around(self) -> str:
        """Path of what the entity is declared in."""
        return self.path.rpartition("/meta/")[0]


@dataclass(frozen=True, slots=True)
class Entity:
    """What one submission says of one entity. `values`: by property, those of relevant
    questions only; blank where a question was left blank. `around`: place, in the same
    submission, of the entity around this one, -1 without any."""

    dataset: str
    id: str
    label: str
    creates: bool
    updates: bool
    values: Mapping[str, str] = field(default_factory=dict)
    around: int = -1


@lru_cache(maxsize=64)
def declared(xform: str) -> tuple[Declared, ...]:
    """Entities that a form declares, in its order. Raises NotAForm, UnsafeForm and the
    faults of this module."""
    return read(parse_xml(xform))


def read(html: etree._Element) -> tuple[Declared, ...]:
    """Entities of a form that is parsed already."""
    model = html.find(f".//{XFORMS}model")
    main = html.find(f".//{XFORMS}instance/*")
    if model is None or main is None:
        return ()
    rules = model.findall(f"{XFORMS}bind")
    saving = [bind for bind in rules if bind.get(f"{SPACE}saveto")]
    if not saving and next(main.iter("{*}entity"), None) is None:
        return ()
    _known_version(model)
    binds = {_path(bind): bind for bind in rules}
    saved = {_path(bind): bind.get(f"{SPACE}saveto", "").strip() for bind in saving}
    elements = {path: element for path, element in _elements(main, "") if _is_entity(path)}
    owners = _owners(elements, saved)
    repeats = {_path(repeat) for repeat in html.iter(f"{XFORMS}repeat")}
    return tuple(
        _declared(path, element, owners[path], binds, repeats)
        for path, element in elements.items()
    )


def lists(xform: str) -> dict[str, str]:
    """Path of each entity → its list, right or not: to say where something is wrong."""
    main = parse_xml(xform).find(f".//{XFORMS}instance/*")
    found = () if main is None else _elements(main, "")
    return {path: e.get("dataset", "") for path, e in found if _is_entity(path)}


def _is_entity(path: str) -> bool:
    return tuple(path.split("/")[-2:]) == _INSIDE


def _path(element: etree._Element) -> str:
    """Path that a bind or a repeat is about, without prefixes: ``orx:meta`` is ``meta``."""
    return _PREFIX.sub("/", element.get("nodeset", "").strip())


def _elements(element: etree._Element, above: str) -> Iterator[tuple[str, etree._Element]]:
    """(path, element), each path once or more."""
    path = f"{above}/{local(element)}"
    yield path, element
    for child in element:
        yield from _elements(child, path)


def _known_version(model: etree._Element) -> None:
    version = model.get(f"{SPACE}entities-version", "")
    year = version.partition(".")[0]
    if year.isdigit() and int(year) > NEWEST:
        raise NewerEntities(version=version)


def _owners(
    elements: Mapping[str, etree._Element], saved: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Properties of each entity: a question tells of the entity nearest around it."""
    owners: dict[str, dict[str, str]] = {path: {} for path in elements}
    for path, name in saved.items():
        around = [e for e in elements if path.startswith(f"{e.rpartition('/meta/')[0]}/")]
        place = Place(column="save_to", ref=path)
        if not around:
            raise NoEntity(place, name=path.rpartition("/")[2])
        owner = max(around, key=len)
        if name in owners[owner]:
            raise SavedTwice(place, name=name, list=elements[owner].get("dataset", ""))
        owners[owner][name] = path
    return owners


def _declared(
    path: str,
    element: etree._Element,
    properties: Mapping[str, str],
    binds: Mapping[str, etree._Element],
    repeats: set[str],
) -> Declared:
    dataset = element.get("dataset", "").strip()
    place = Place(ref=path)
    if not _NAME.fullmatch(dataset):
        raise BadEntity(place, name=dataset)
    updates = element.get("update") is not None
    # The first version of the specification had no attribute: it could only create.
    creates = element.get("create") is not None or not updates
    label = binds.get(f"{path}/label")
    if creates and (label is None or not label.get("calculate", "").strip()):
        raise NoLabel(place, name=dataset)
    if updates and f"{path}/@id" not in binds:
        raise NoId(place, name=dataset)
    repeated = any(path.startswith(f"{repeat}/") for repeat in repeats)
    return Declared(dataset, path, properties, creates, updates, repeated)


# submissions ----------------------------------------------------------------------


def entities_of(xform: str, xml: str | bytes) -> tuple[Entity, ...]:
    """What a submission says of its entities, those around others first. Those that it
    neither makes nor changes are left out."""
    known = {each.path: each for each in declared(xform)}
    if not known:
        return ()
    found: list[Entity] = []
    _gather(parse_xml(xml), "", known, -1, found)
    return tuple(found)


def _gather(
    element: etree._Element,
    above: str,
    known: Mapping[str, Declared],
    around: int,
    found: list[Entity],
) -> None:
    path = f"{above}/{local(element)}"
    of = known.get(f"{path}/meta/entity")
    said = None if of is None else _child(_child(element, "meta"), "entity")
    if of is not None and said is not None:
        entity = _entity(of, said, element, path, around)
        if entity.creates or entity.updates:
            found.append(entity)
            around = len(found) - 1
    for child in element:
        if len(child):
            _gather(child, path, known, around, found)


def _entity(
    of: Declared, said: etree._Element, element: etree._Element, path: str, around: int
) -> Entity:
    wanted = {question: name for name, question in of.properties.items()}
    values: dict[str, str] = {}
    for child in element:
        for at, answer in _elements(child, path):
            if at in wanted and not len(answer):
                values.setdefault(wanted[at], (answer.text or "").strip())
    label = _child(said, "label")
    text = "" if label is None else (label.text or "").strip()
    id = said.get("id", "").strip().removeprefix("uuid:")
    creates = _yes(said.get("create", "" if of.updates else "1")) and of.creates
    updates = _yes(said.get("update", "")) and of.updates
    return Entity(of.dataset, id, text, creates, updates, values, around)


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((c for c in (() if element is None else element) if local(c) == name), None)


def _yes(text: str) -> bool:
    return text.strip().lower() in ("1", "true")
