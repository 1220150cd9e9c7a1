"""Answers in: ODK's XML in its layouts, tables of Kobo and Central, nothing doubled."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from migdesk.errors import Fault
from migdesk.forms import Form, Run
from migdesk.forms.incoming import Encrypted
from migdesk.forms.table import Shape
from migdesk.forms.xlsform import convert
from migdesk.jobs import export_answers, import_answers
from migdesk.jobs.export_answers import Wanted
from migdesk.jobs.import_answers import ChooseForm, NoSuchForm, NothingFound, Preview
from migdesk.models.store import Store
from migdesk.services import answers, attachments, history, office, submissions
from migdesk.services.answers import Limits
from migdesk.task import Task

FORM = """| survey |
| | type | name | label | constraint | calculation |
| | start | start | | | |
| | end | end | | | |
| | text | who | Who? | | |
| | begin_group | g | Group | | |
| | select_one sex | sex | Sex | | |
| | select_multiple use | uses | Uses | | |
| | integer | age | Age | . < 120 | |
| | decimal | size | Size | | |
| | date | day | Day | | |
| | geopoint | spot | Spot | | |
| | calculate | double | | | ${{age}} * 2 |
| | end_group | | | | |
| | image | photo | Photo | | |
| | begin_repeat | child | Child | | |
| | text | name | Name | | |
| | begin_repeat | toy | Toy | | |
| | text | toy_name | Toy | | |
| | end_repeat | | | | |
| | end_repeat | | | | |
| choices |
| | list_name | name | label |
| | sex | f | Woman |
| | sex | m | Man |
| | use | food | Food |
| | use | rent | Rent |
| settings |
| | form_title | form_id | version |
| | Short | short | {version} |
"""


def open_store(path: Path) -> Store:
    made = Store.open(path, bytes(32), create=True)
    made.write(office.found, {"name": "HOM", "country": "SN"}, "Fatou", "acc-1")
    made.actor = "acc-1"
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "a.db")
    yield made
    made.close()


def use(store: Store, version: str = "1") -> tuple[str, Form]:
    xml = convert(FORM.format(version=version), ".md").xml
    form = Form.load(xml)
    args = (form.title, form.form_id, form.version, xml)
    return store.write(submissions.add_questionnaire, *args), form


@pytest.fixture
def form(store: Store) -> tuple[str, Form]:
    return use(store)


def fill(form: Form, who: str, instance: str, toys: bool = True) -> str:
    run = Run(form)
    run.set("/data/meta/instanceID", instance)
    answers_ = {
        "who": who, "g/sex": "f", "g/uses": "rent food", "g/age": "31", "g/size": "1.25",
        "g/day": "2026-11-20", "g/spot": "12.7 -15.5 0 0", "photo": "photo.jpg",
    }  # fmt: skip
    for ref, text in answers_.items():
        run.set(f"/data/{ref}", text)
    run.set("/data/child[1]/name", "Awa")
    second = run.add("/data/child")
    run.set(f"{second}/name", "Ibou")
    if toys:
        for name in ("ball", "doll"):
            rows = run.node(f"{second}/toy").count
            blank = rows and not run.node(f"{second}/toy[1]/toy_name").text
            toy = f"{second}/toy[1]" if blank else run.add(f"{second}/toy")
            run.set(f"{toy}/toy_name", name)
    return run.finalise()


def xml_of(store: Store) -> dict[str, str]:
    gathered = store.read(answers.gather, "short", Limits())
    return {entry.key: entry.xml for entry in gathered.entries}


def bring(store: Store, path: Path, questionnaire: str = "") -> Preview:
    preview = import_answers.read(store, Task(), path, questionnaire)
    import_answers.take(store, Task(), preview)
    return preview


# XML --------------------------------------------------------------------------


def test_one_file_comes_as_it_is_and_only_once(
    store: Store, form: tuple[str, Form], tmp_path: Path
) -> None:
    xml = "<?xml version='1.0' ?>\n" + fill(form[1], "Awa & Co", "uuid:1")
    path = tmp_path / "submission.xml"
    path.write_text(xml, "utf-8")
    preview = bring(store, path)
    assert len(preview.arrivals) == 1 and not preview.problems
    assert xml_of(store) == {"uuid:1": xml}
    again = import_answers.read(store, Task(), path)
    assert (again.here, len(again.arrivals)) == (1, 0)
    assert import_answers.take(store, Task(), preview) == 0
    assert len(xml_of(store)) == 1


def test_out_and_in_again_is_equal_byte_for_byte(
    store: Store, form: tuple[str, Form], tmp_path: Path
) -> None:
    for number in range(3):
        xml = fill(form[1], f"Who {number}", f"uuid:{number}")
        id = store.write(submissions.finalise, form[0], xml, f"uuid:{number}", {}, "")
        store.write(attachments.add, "photo.jpg", b"picture %d" % number, id)
    other = open_store(tmp_path / "b.db")
    use(other)
    for kind, name in (("zip", "out.zip"), ("folder", "out")):
        path = tmp_path / name
        export_answers.export_answers(store, Task(), Wanted("short", kind), path)
        preview = import_answers.read(other, Task(), path)
        assert (len(preview.arrivals) or preview.here, preview.files) == (3, 3)
        import_answers.take(other, Task(), preview)
    assert xml_of(other) == xml_of(store)
    gathered = other.read(answers.gather, "short", Limits())
    media = other.read(answers.media, gathered.ids)
    pictures = [other.read(attachments.read, media[id][0][1])[2] for id in gathered.ids]
    assert sorted(pictures) == [b"picture 0", b"picture 1", b"picture 2"]
    other.write(history.undo_last)
    assert xml_of(other) == {}
    assert import_answers.take(other, Task(), import_answers.read(other, Task(), path)) == 3
    assert len(xml_of(other)) == 3
    other.close()


def test_versions_and_unknown_forms(
    store: Store, form: tuple[str, Form], tmp_path: Path
) -> None:
    newer, _form = use(store, "2")
    for number, version in enumerate(("1", "2", "3")):
        xml = fill(form[1], "x", f"uuid:{number}")
        xml = xml.replace('version="1"', f'version="{version}"')
        (tmp_path / f"{number}.xml").write_text(xml, "utf-8")
    preview = import_answers.read(store, Task(), tmp_path)
    assert [a.questionnaire for a in preview.arrivals] == [form[0], newer, newer]
    assert any("“3”" in remark for remark in preview.remarks)
    foreign = tmp_path / "f" / "foreign.xml"
    foreign.parent.mkdir()
    foreign.write_text(
        fill(form[1], "x", "uuid:9").replace('id="short"', 'id="aQx77"'), "utf-8"
    )
    with pytest.raises(NoSuchForm):
        import_answers.read(store, Task(), foreign)
    adopted = import_answers.read(store, Task(), foreign, form[0])
    assert 'id="short"' in adopted.arrivals[0].xml


def test_what_is_no_submission(store: Store, form: tuple[str, Form], tmp_path: Path) -> None:
    path = tmp_path / "encrypted.xml"
    path.write_text('<data id="short" encrypted="yes"/>', "utf-8")
    with pytest.raises(Encrypted):
        import_answers.read(store, Task(), path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingFound):
        import_answers.read(store, Task(), tmp_path / "empty")
    several = tmp_path / "several.zip"
    with zipfile.ZipFile(several, "w") as archive:
        archive.writestr("a/broken.xml", "<data")
        archive.writestr("../evil.xml", fill(form[1], "x", "uuid:7"))
        archive.writestr("b/good.xml", fill(form[1], "x", "uuid:8"))
        archive.writestr("c/evil.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    preview = import_answers.read(store, Task(), several)
    assert [arrival.instance for arrival in preview.arrivals] == ["uuid:8"]
    assert {name for name, _why in preview.unreadable} == {"a/broken.xml", "c/evil.xml"}


def test_wrong_answers_are_told_and_taken_only_on_demand(
    store: Store, form: tuple[str, Form], tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(fill(form[1], "x", "uuid:1").replace(">31<", ">200<"), "utf-8")
    preview = import_answers.read(store, Task(), path)
    assert (len(preview.arrivals), len(preview.doubtful)) == (0, 1)
    assert preview.problems[0][1] == "Age"
    assert import_answers.take(store, Task(), preview) == 0
    assert import_answers.take(store, Task(), preview, doubtful=True) == 1


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["xml", "csv", "xlsx", "zip"]),
    st.integers(0, 20_000),
    st.binary(max_size=6),
    st.integers(0, 8),
)
def test_whatever_is_given_it_is_read_or_refused(
    store: Store,
    form: tuple[str, Form],
    tmp_path: Path,
    ending: str,
    place: int,
    new: bytes,
    cut: int,
) -> None:
    good = fill(form[1], "Awa", "uuid:1").encode()
    if ending == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a/submission.xml", good)
            archive.writestr("b.csv", "who,g/age,_uuid\nAwa,30,uuid:4\n")
        good = out.getvalue()
    elif ending == "xlsx":
        kobo(tmp_path / "good.xlsx")
        good = (tmp_path / "good.xlsx").read_bytes()
    elif ending == "csv":
        good = b"who,g/age,g/spot-Latitude,_index\nAwa,30,12.5,1\n"
    at = place % (len(good) + 1)
    path = tmp_path / f"some.{ending}"
    path.write_bytes(good[:at] + new + good[at + cut :])
    with contextlib.suppress(Fault):
        assert import_answers.read(store, Task(), path, form[0]).found > 0


# tables -----------------------------------------------------------------------


@pytest.mark.parametrize("several", ["one", "split", "both"])
@pytest.mark.parametrize("labels", [False, True])
def test_our_own_table_comes_back_with_equal_content(
    store: Store, form: tuple[str, Form], tmp_path: Path, several: str, labels: bool
) -> None:
    for number, who in enumerate(("=Awa", "Ibou, l’« aîné »")):
        instance = f"uuid:{number}"
        xml = fill(form[1], who, instance, toys=number > 0)
        store.write(submissions.finalise, form[0], xml, instance, {}, "")
    path = tmp_path / "out.xlsx"
    shape = Shape(labels, several, hxl=True)  # type: ignore[arg-type]
    export_answers.export_answers(store, Task(), Wanted("short", "xlsx", shape=shape), path)
    other = open_store(tmp_path / "b.db")
    id, _form = use(other)
    preview = bring(other, path, id)
    assert not preview.unknown and not preview.problems and not preview.remarks
    came = xml_of(other)
    if several == "split":  # which was ticked first is not in such columns
        came = {key: xml.replace("food rent", "rent food") for key, xml in came.items()}
    assert came == xml_of(store)
    other.close()


def kobo(path: Path) -> None:
    book = Workbook()
    main = book.active
    assert main is not None
    main.title = "Short"
    main.append(["start", "who", "g/sex", "g/uses", "g/uses/food", "g/uses/rent", "g/age",
                 "_g/spot_latitude", "Remark of ours", "_id", "_uuid", "_submission_time",
                 "_index"])  # fmt: skip
    uuid = "0b9a3a86-4d2b-4f7e-8f8e-1df3a3a5d0a1"
    main.append(["2026-11-20T08:00:00.000+00:00", "Awa", "f", "food", 1, 0, 30, None, "hello",
                 7, uuid, "2026-11-20T09:00:00", 1])  # fmt: skip
    main.append(["2026-11-20T08:00:00.000+00:00", "Ibou", "x", None, None, None, 400, None,
                 None, 8, uuid[:-1] + "2", "2026-11-20T09:00:00", 2])  # fmt: skip
    child = book.create_sheet("child")
    child.append(["child/name", "_index", "_parent_table_name", "_parent_index",
                  "_submission__uuid"])  # fmt: skip
    child.append(["Fatou", 1, "Short", 1, uuid])
    child.append(["Moussa", 2, "Short", 1, uuid])
    book.save(path)


def test_a_workbook_of_kobo(store: Store, form: tuple[str, Form], tmp_path: Path) -> None:
    path = tmp_path / "kobo.xlsx"
    kobo(path)
    with pytest.raises(ChooseForm):
        import_answers.read(store, Task(), path)
    preview = import_answers.read(store, Task(), path, form[0])
    assert (len(preview.arrivals), len(preview.doubtful), preview.found) == (1, 1, 2)
    assert [(u.column, u.some, u.table) for u in preview.unknown] == [
        ("Remark of ours", ("hello",), "data")
    ]
    assert {label for _row, label, _why in preview.problems} == {"Sex", "Age"}
    arrival = preview.arrivals[0]
    assert arrival.instance == "uuid:0b9a3a86-4d2b-4f7e-8f8e-1df3a3a5d0a1"
    assert arrival.finished == "2026-11-20T09:00:00Z"
    assert arrival.xml.count("<child>") == 2 and "<double>60</double>" in arrival.xml
    assert "Moussa" in arrival.xml
    mapped = {("Short", "Remark of ours"): "who", ("Short", "who"): ""}
    chosen = import_answers.read(store, Task(), path, form[0], mapped)
    assert "<who>hello</who>" in chosen.arrivals[0].xml


def test_a_zip_of_central(store: Store, form: tuple[str, Form], tmp_path: Path) -> None:
    path = tmp_path / "short.csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "short.csv",
            "SubmissionDate,start,who,g-sex,g-uses,g-age,g-spot-Latitude,g-spot-Longitude,"
            "g-spot-Altitude,g-spot-Accuracy,photo,meta-instanceID,KEY,SubmitterID\n"
            "2026-11-20T09:00:00.000Z,2026-11-20T08:00:00.000Z,Awa,f,food rent,30,12.5,-15.5,"
            "3,4,p.jpg,uuid:a,uuid:a,5\n",
        )
        archive.writestr(
            "short-child.csv",
            "name,PARENT_KEY,KEY\nFatou,uuid:a,uuid:a/child[1]\nMoussa,uuid:a,uuid:a/child[2]\n",
        )
        archive.writestr(
            "short-child-toy.csv", "toy_name,PARENT_KEY,KEY\nball,uuid:a/child[2],uuid:a/x[1]\n"
        )
        archive.writestr("media/p.jpg", b"bytes")
    preview = bring(store, path, form[0])
    assert not preview.unknown and not preview.problems
    assert (preview.files, preview.missing_files) == (1, 0)
    xml = xml_of(store)["uuid:a"]
    assert "<spot>12.5 -15.5 3 4</spot>" in xml
    assert "<name>Moussa</name><toy><toy_name>ball</toy_name></toy>" in xml
    assert xml.count("<toy>") == 1


def test_a_row_without_identifier_is_recognised_by_its_content(
    store: Store, form: tuple[str, Form], tmp_path: Path
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("Who?;Sex;Age\nAwa;Woman;30\nIbou;Man;41\n", "utf-8")
    assert len(bring(store, path, form[0]).arrivals) == 2
    assert import_answers.read(store, Task(), path, form[0]).here == 2
    texts = sorted(xml_of(store).values())
    assert all("<start/>" in xml for xml in texts)
    assert any("<sex>f</sex>" in xml and "<who>Awa</who>" in xml for xml in texts)
