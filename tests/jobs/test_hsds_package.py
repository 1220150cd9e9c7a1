"""Directories out and in as data packages of Open Referral."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migdesk.jobs import hsds_package
from migdesk.jobs.hsds_package import NoDirectory, export_directory, look, take_over
from migdesk.models.store import Store
from migdesk.services import history, records
from migdesk.services.hsds_schema import RESOURCES
from migdesk.services.views import Query, View
from migdesk.task import Task
from tests.tools import Make

KINDS = ("organisation", "service", "window")


def everything(store: Store, kind: str) -> dict[str, View]:
    return {view.title: view for view in store.read(records.list_page, kind, Query()).rows}


def told(store: Store, kind: str) -> dict[str, dict[str, Any]]:
    """What records say, with names for what they link to."""
    found = {}
    for title, view in everything(store, kind).items():
        skipped = ("code", "hsds", "verified_by", "place", "organisation")
        values = {n: v for n, v in view.values.items() if n not in skipped}
        linked = {n: view.shown[n] for n in ("place", "organisation") if n in view.shown}
        found[title] = values | linked
    return found


def conditions(store: Store) -> list[tuple[Any, ...]]:
    window = everything(store, "window")["Fonds Sud"].id
    lines = store.read(records.lines_of, "window_condition", window)
    return [tuple(v.values[n] for n in ("about", "how", "value", "wish")) for v in lines]


def fill(make: Make) -> None:
    """A partner, two services and two windows, with everything that they can say."""
    region = make.place(name="Kolda", level="region", country="SN", pcode="SN07")
    town = make.place(name="Vélingara", level="commune", parent=region, country="SN")
    clinic = make.organisation(
        name="Clinique “Espoir”; Kolda",
        acronym="CEK",
        types=["ngo"],
        country="SN",
        place=region,
        address="Rue 3, quartier Sikilo",
        refuge="Behind the mosque",
        phone="+221339961111",
        email="clinic@example.org",
        website="https://example.org",
        description="Soins\net écoute",
        sectors=["health"],
    )
    make.contact_person(organisation=clinic, name="Dr Secret Person", phone="+221770000000")
    make.service(
        name="Consultation",
        category="essential_services",
        organisation=clinic,
        place=town,
        description="Médecine générale",
        no_papers=True,
        who="Everybody",
        how="Come before 9",
        fee="1000 XOF",
        languages=["fr", "ff"],
        accessible=True,
        hours="Mo–Fr 8–12",
        contact="Reception",
        phone="+221339962222",
        email="c@example.org",
        website="https://example.org/c",
        address="Next to the market",
        verified="2026-10-01",
    )
    make.service(name="=Hotline", open=False, accessible=False, no_papers=False)
    window = make.window(
        name="Fonds Sud",
        organisation=clinic,
        source="philanthropic_organisations",
        lender="bank",
        nature="loan",
        purpose="Farms",
        floor="100000 XOF",
        ceiling="5000000 XOF",
        rate=4.5,
        months=36,
        guarantee="A cow",
        deadline="2027-01-31",
        terms="A plan",
        contact="Mrs Desk",
        phone="+221339963333",
        email="f@example.org",
        address="Avenue 1",
        website="https://example.org/f",
        verified="2026-09-01",
    )
    make.window_condition(window=window, about="age", how="at_least", value="18")
    make.window_condition(
        window=window, about="sector", how="is", value="agriculture|livestock", wish=True
    )
    make.window(name="Small grants")


@pytest.mark.parametrize("name", ["directory.zip", "directory"])
def test_r020_a_directory_goes_out_and_comes_in_whole(
    store: Store,
    make: Make,
    new_store: Callable[[], Store],
    tmp_path: Path,
    name: str,
) -> None:
    fill(make)
    path = tmp_path / name
    assert export_directory(store, Task(), path) == 5
    other = new_store()
    places = Make(other)
    region = places.place(name="Kolda", level="region", country="SN", pcode="SN07")
    places.place(name="Vélingara", level="commune", parent=region, country="SN")
    plan = look(other, Task(), path)
    assert {kind: plan.count(kind, "new") for kind in KINDS} == dict(
        zip(KINDS, (1, 2, 2), strict=True)
    )
    assert plan.notes == () and everything(other, "service") == {}
    done = take_over(other, Task(), path)
    assert done.rows == 5
    before = {kind: told(store, kind) for kind in KINDS}
    for values in before["organisation"].values():
        values["refuge"] = None
    for kind in KINDS:
        for title, values in told(other, kind).items():
            assert values == before[kind].pop(title)
        assert before[kind] == {}
    assert conditions(other) == conditions(store)
    again = look(other, Task(), path)
    assert {c.change for c in again.coming} == {"same"}
    assert take_over(other, Task(), path).rows == 0
    other.write(history.undo, done.tx)
    assert everything(other, "service") == {} and everything(other, "window") == {}


def test_a_package_is_valid_and_tells_nothing_of_people(
    store: Store, make: Make, tmp_path: Path
) -> None:
    fill(make)
    export_directory(store, Task(), tmp_path / "d.zip")
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    told = json.loads(files.pop("datapackage.json"))
    assert told["profile"] == "tabular-data-package"
    paths = {resource["name"]: resource["path"] for resource in told["resources"]}
    assert set(paths.values()) == set(files)
    ids: dict[str, set[str]] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for name, path in paths.items():
        rows[name] = list(csv.DictReader(io.StringIO(files[path])))
        ids[name] = {row["id"] for row in rows[name]}
        assert len(ids[name]) == len(rows[name])
    for name, found in rows.items():
        for column in RESOURCES[name].columns:
            for row in found:
                value = row[column.name]
                assert value or not column.required, (name, column.name)
                assert not value or not column.to or value in ids[column.to]
    whole = "".join(files.values())
    for hidden in ("Secret Person", "Behind the mosque", "+221770000000"):
        assert hidden not in whole
    assert {row["status"] for row in rows["service"]} == {"active", "inactive"}
    assert rows["cost_option"][0]["currency"] == "XOF"
    assert "minimum_age" in rows["service"][0]
    asked = "\n".join(row["eligibility_description"] for row in rows["service"])
    assert "18" in asked and "Crops and market gardening or Livestock" in asked


def test_what_is_here_is_filled_in_or_brought_up_to_date(
    store: Store, make: Make, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    fill(make)
    export_directory(store, Task(), tmp_path / "d.zip")
    other = new_store()
    there = Make(other)
    newer = there.service(name="consultation", phone="+221330000000", verified="2026-11-01")
    older = there.window(name="Fonds Sud", purpose="Boats", verified="2025-01-01")
    there.window_condition(window=older, about="jobs", how="at_least", value="3")
    plan = look(other, Task(), tmp_path / "d.zip")
    changes = {c.title: c.change for c in plan.coming}
    assert (changes["Consultation"], changes["Fonds Sud"]) == ("fill", "later")
    take_over(other, Task(), tmp_path / "d.zip")
    kept = other.read(records.get, "service", newer).values
    assert (kept["phone"], kept["hours"]) == ("+221330000000", "Mo–Fr 8–12")
    assert kept["verified"] == "2026-11-01" and kept["organisation"]
    assert other.read(records.get, "window", older).values["purpose"] == "Farms"
    assert [about for about, *_rest in conditions(other)] == ["age", "sector"]


def test_a_namesake_is_another(store: Store, make: Make, tmp_path: Path) -> None:
    far = make.organisation(name="Casa", country="IT")
    make.service(name="Lunch", organisation=far)
    path = package(
        tmp_path / "theirs.zip",
        organization=ORGANISATIONS,
        location="id,location_type,organization_id\nl1,physical,o1\n",
        address="id,location_id,address_1,city,country\na,l1,Calle 1,Sevilla,ES\n",
        service=SERVICES + "s1,o1,Lunch,active,,\n",
    )
    assert {c.change for c in look(store, Task(), path).coming} == {"new"}
    take_over(store, Task(), path)
    assert store.read(records.count, "service", Query()) == 2
    assert {c.change for c in look(store, Task(), path).coming} == {"same"}


def package(path: Path, **files: str) -> Path:
    """A package of others, by the names of its tables."""
    names = {name: RESOURCES[name].path for name in files}
    told = {"resources": [{"name": n, "path": p} for n, p in names.items()]}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inside/datapackage.json", json.dumps(told))
        for name, text in files.items():
            archive.writestr(f"inside/{names[name]}", text)
    return path


ORGANISATIONS = "id,name,description\no1,Casa,A house\n"
SERVICES = "id,organization_id,name,status,minimum_age,fees_description\n"


def test_a_package_of_others(store: Store, tmp_path: Path) -> None:
    path = package(
        tmp_path / "theirs.zip",
        organization=ORGANISATIONS,
        service=SERVICES + "s1,o1,Lunch,active,12,Two euros\ns2,o1,Old,defunct,,\n",
        location="id,location_type,name\nl1,physical,Hall\n",
        service_at_location="id,service_id,location_id\nx,s1,l1\n",
        address="id,location_id,address_1,city,country\na,l1,Calle 1,Sevilla,ES\n",
        schedule="id,service_id,byday,opens_at,closes_at\nt,s1,\"MO,TU\",12:00,14:30\n",
        language="id,service_id,name,code\nl,s1,Español,es\nm,s1,Klingon,tlh\n",
        taxonomy_term="id,name,description,taxonomy\nt1,Food,Food,AIRS\n",
        attribute="id,link_id,link_entity,taxonomy_term_id\na1,s1,service,t1\n",
    )
    plan = look(store, Task(), path)
    assert [note.split(": ", 1)[0] for note in plan.notes] == ["Lunch", "Lunch"]
    assert "Klingon" in "".join(plan.notes) and "Food" in "".join(plan.notes)
    take_over(store, Task(), path)
    lunch = everything(store, "service")["Lunch"]
    assert lunch.shown["organisation"] == "Casa" and lunch.values["hsds"] == "s1"
    assert lunch.values["address"] == "Calle 1, Sevilla" and lunch.values["languages"] == ["es"]
    assert lunch.values["hours"] == "MO,TU 12:00–14:30"
    assert lunch.values["how"] == "Two euros" and "12" in lunch.values["who"]
    assert everything(store, "service")["Old"].values["open"] is False


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"organization": ORGANISATIONS}, "lacks the table service"),
        ({"organization": ORGANISATIONS, "service": "id,name\n,A\n"}, "row 2 of services.csv"),
        ({"organization": "name\nCasa\n", "service": SERVICES}, "no column id"),
        (
            {"organization": ORGANISATIONS, "service": SERVICES + "s,o9,Lunch,active,,\n"},
            "names a organization that is not there: o9",
        ),
        (
            {"organization": ORGANISATIONS + "o1,Other,x\n", "service": SERVICES},
            "row 3 of organizations.csv",
        ),
        ({"organization": ORGANISATIONS, "service": SERVICES + "s,o1,,active,,\n"}, "no name"),
    ],
    ids=["no services", "no id", "no column", "no such organisation", "twice", "no name"],
)
def test_a_broken_package_says_what_is_wrong(
    store: Store, tmp_path: Path, files: dict[str, str], why: str
) -> None:
    with pytest.raises(NoDirectory) as raised:
        look(store, Task(), package(tmp_path / "broken.zip", **files))
    assert why in str(raised.value)


def test_no_package_at_all(store: Store, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "empty").mkdir()
    cut = package(tmp_path / "cut.zip", organization=ORGANISATIONS, service=SERVICES)
    cut.write_bytes(cut.read_bytes()[:150])
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "datapackage.json").write_text('{"resources": 3}')
    missing = tmp_path / "missing"
    missing.mkdir()
    listed = [{"name": "service", "path": "services.csv"}]
    (missing / "datapackage.json").write_text(json.dumps({"resources": listed}))
    for name, why in (
        ("text.zip", "neither a folder nor a whole ZIP"),
        ("cut.zip", "neither a folder nor a whole ZIP"),
        ("nowhere", "neither a folder nor a whole ZIP"),
        ("empty", "datapackage.json is missing"),
        ("bad", "damaged"),
        ("missing", "services.csv is missing"),
    ):
        with pytest.raises(NoDirectory) as raised:
            hsds_package.look(store, Task(), tmp_path / name)
        assert why in str(raised.value), name
