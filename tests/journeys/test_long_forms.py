"""Three long questionnaires from “Fill” to the paper, by keyboard alone, in French and in
Arabic; the process dies in the middle of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from migdesk.forms import xlsform
from migdesk.paths import resource
from migdesk.services import drafts, form_media, form_words, records, submissions
from migdesk.services.form_words import answer_text
from migdesk.services.records import Query
from migdesk.ui.formview import FormView, ReadView
from tests.conformance import corpora
from tests.journeys.clerk import Clerk
from tests.journeys.ground import Ground
from tests.journeys.traveller import Traveller

FORMS = Path(__file__).parent / "forms"
FRENCH, ENGLISH, ARABIC = "Français (fr)", "English (en)", "العربية (ar)"
TITLES = {"household_survey": 45, "commune_profile": 45, "health_visit": 83}
"""Questionnaires, and how many questions of theirs are answered at least."""
IRAQ = "enketo-transformer", "Iraq_questionnaire"
BORN = "2024-03-12"
"""The day of birth, which this form takes as text."""
HEALTH = "cht", "dtree-infant-child"


def words() -> dict[str, str]:
    """English words of the questionnaires in Arabic."""
    lines = (FORMS / "arabic.txt").read_text("utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if not line.startswith("#"))
    return {english: arabic for english, _equals, arabic in pairs}


def book(name: str) -> str:
    """A questionnaire with a third language: Arabic beside its English words."""
    path = FORMS / f"{name}.md"
    text = (path if path.exists() else resource("questionnaires", path.name)).read_text("utf-8")
    known, columns = words(), dict[int, str]()
    made = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 3 or cells[1]:
            made.append(line)
            columns = {} if "settings" in line else columns
            continue
        if "type" in cells or "list_name" in cells:
            columns = {n: c for n, c in enumerate(cells) if c.endswith(f"::{ENGLISH}")}
            more = [head.replace(ENGLISH, ARABIC) for head in columns.values()]
        else:
            more = [known[cells[n]] if cells[n] else "" for n in columns]
        made.append("|".join([*cells[:-1], *more, ""]))
    return "\n".join(made)


@pytest.fixture(scope="module")
def folder(ground: Ground) -> Path:
    made = ground.open
    photo = QImage(900, 600, QImage.Format.Format_RGB32)
    photo.fill(QColor("#8a6f4d"))
    assert photo.save(str(made / "carnet.png"))
    return made


@pytest.fixture(scope="module")
def here(qapp: QApplication, ground: Ground) -> Iterator[Traveller]:
    """An office in French with the three questionnaires, in three languages each."""
    made = Traveller(ground.folder / "sedhiou", ground)
    made.first_start("HOM Sédhiou", "Sédhiou", "Fatou Diatta")
    for name in TITLES:
        converted = xlsform.convert(book(name), ".md")
        form = form_words.form_of(converted.xml)
        made.store.write(
            submissions.add_questionnaire, title(name), form.form_id, "90", converted.xml
        )
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _speaking(here: Traveller) -> None:
    """Each test ends in English; the program goes on in its own language."""
    here.program.speak()


def title(name: str) -> str:
    return f"Essai {name}"


def begun_and_killed(here: Traveller, folder: Path, name: str, language: str) -> Any:
    """What a process that was killed in the middle had taken of answers."""
    arguments = [str(here.paths.home), title(name), language, "30", str(folder / "carnet.png")]
    assert here.ground is not None
    with here.ground.run("tests.journeys.halfway", *arguments) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
    return json.loads(line)


def still_lacking(view: FormView) -> list[str]:
    """Questions that stay without an answer though one could be given."""
    asked = [stop for stop in view.filling.stops if stop.kind == "question" and stop.asks]
    return [s.key for s in asked if s.live and s.live.asks and not s.live.text]


@pytest.mark.parametrize("language", [FRENCH, ARABIC])
@pytest.mark.parametrize("name", list(TITLES))
def test_from_fill_to_paper(name: str, language: str, here: Traveller, folder: Path) -> None:
    before = begun_and_killed(here, folder, name, language)
    (draft,) = here.store.read(drafts.list_mine)
    here.page("questionnaires")
    clerk = Clerk(here, rows=1, arabic=language == ARABIC, picture=folder / "carnet.png")
    clerk.go_to_button("Reprendre", draft.title)
    view = clerk.view
    run = view.filling.run
    assert view.filling.key == before["at"] and run.language == language
    assert before["answers"].items() <= {n.ref: n.text for n in run.walk()}.items()
    right = Qt.LayoutDirection.RightToLeft
    assert (view.sheet.roll.layoutDirection() == right) is (language == ARABIC)
    assert clerk.fill()
    assert still_lacking(view) == []
    answered, asked = view.filling.progress()
    assert answered == asked >= TITLES[name]
    given = {
        live.ref: answer_text(live).replace(",", "")
        for live in run.walk()
        if live.asks and live.text and live.type not in ("acknowledge", "image")
    }
    clerk.finish()
    assert here.store.read(drafts.list_mine) == ()
    check_kept(here, given, run)
    here.here(ReadView).setFocus()
    here.hold(Qt.Key.Key_P)
    check_paper(here.printed(folder, f"{name}-{language[-3:-1]}"), given, language)
    here.type(Qt.Key.Key_Escape)
    here.settle()


def test_a_draft_goes_on_with_its_version(here: Traveller, folder: Path) -> None:
    """Put aside, a second version comes, then taken up again and finished as the first."""
    here.page("questionnaires")
    clerk = Clerk(here, rows=0, picture=folder / "carnet.png")
    clerk.go_to_button("Remplir", title("health_visit"))
    clerk.begin(FRENCH)
    clerk.fill(20)
    here.type(Qt.Key.Key_Escape)
    here.settle()
    newer = book("health_visit").replace("| health_visit | 1 |", "| health_visit | 2 |")
    converted = xlsform.convert(
        newer.replace("| text | visitor |", "| integer | visitor |"), ".md"
    )
    second = title("health_visit") + " 2"
    here.store.write(submissions.add_questionnaire, second, "health_visit", "91", converted.xml)
    (draft,) = here.store.read(drafts.list_mine)
    here.page("questionnaires")
    clerk.go_to_button("Reprendre", draft.title)
    assert clerk.fill()
    run = clerk.view.filling.run
    given = {live.ref: answer_text(live) for live in run.walk() if live.asks and live.text}
    clerk.finish()
    check_kept(here, given, run)
    kept = max(here.store.read(records.list_page, "submission", Query()).rows, key=_moment)
    root = etree.fromstring(str(kept.values["xml"]).encode())
    assert root.get("version") == "1" and root.findtext("closing/visitor") == "Awa"
    in_use = {view.title for view in here.store.read(submissions.questionnaires)}
    assert second in in_use and title("health_visit") not in in_use
    here.type(Qt.Key.Key_Escape)
    here.settle()


def others(corpus: str, name: str) -> str:
    """A form of other people, fetched where there is a network (tests/conformance)."""
    source = next(s for s in corpora.SOURCES if s.name == corpus)
    try:
        return next(g.xml for g in corpora.forms(source) if name in g.name)
    except corpora.NotFetched as why:
        pytest.skip(str(why))


def test_a_survey_of_others_in_arabic(here: Traveller, folder: Path) -> None:
    """The longest form of the corpora that speaks Arabic."""
    fill_of_others(here, folder, "iraq", others(*IRAQ), "Arabic (ar)", 100)


@pytest.mark.parametrize("language", ["en", ARABIC])
def test_a_health_form_of_others(here: Traveller, folder: Path, language: str) -> None:
    """A child is screened by signs of danger, as community health workers do it."""
    xml = in_arabic(as_odk(others(*HEALTH)))
    fill_of_others(here, folder, "child", xml, language, 60, BORN)


def as_odk(xml: str) -> str:
    """As the engines of ODK take it: the tool that the form was made for rounds by `int`
    with two values, and lets a group ask what lies in it whether to show itself."""
    plain = re.sub(r"\bint\(([^\"]*?),\s*0\s*\)", r"int(\1)", xml)
    return re.sub(r' relevant="\s*\./source *= *\'user\'\s*"', "", plain)


def in_arabic(xml: str) -> str:
    """With a language more, which runs from right to left: each text is a word and a number."""
    root = etree.fromstring(xml.encode())
    first = next(root.iter("{*}translation"))
    arabic = deepcopy(first)
    arabic.set("lang", ARABIC)
    for number, value in enumerate(arabic.iter("{*}value"), 1):
        if value.get("form") is None:
            value.clear()
            value.text = f"نص رقم {number}"
    first.addnext(arabic)
    return etree.tostring(root, encoding="unicode")


def fill_of_others(
    here: Traveller,
    folder: Path,
    name: str,
    xml: str,
    language: str,
    most: int,
    *texts: str,
) -> None:
    """From “Fill” to the kept submission; `most`: answers that there are at least; `texts`:
    what is tried first where words are asked for."""
    form = form_words.form_of(xml)
    if title(name) not in {each.title for each in here.store.read(submissions.questionnaires)}:
        here.store.write(submissions.add_questionnaire, title(name), form.form_id, "1", xml)
    here.page("questionnaires")
    arabic = language != "en"
    clerk = Clerk(here, rows=1, arabic=arabic, picture=folder / "carnet.png")
    clerk.texts = (*texts, *clerk.texts)
    clerk.go_to_button("Remplir", title(name))
    clerk.begin(language)
    assert clerk.fill()
    view = clerk.view
    right = Qt.LayoutDirection.RightToLeft
    assert (view.sheet.roll.layoutDirection() == right) is arabic
    assert still_lacking(view) == []
    run = view.filling.run
    said = {live.ref: live.text for live in run.walk() if live.asks and live.text}
    assert len(said) >= most
    clerk.finish()
    check_kept(here, said, run)
    here.type(Qt.Key.Key_Escape)
    here.settle()


def check_kept(here: Traveller, given: dict[str, str], run: Any) -> None:
    """The submission holds every answer, and every picture its bytes."""
    kept = max(here.store.read(records.list_page, "submission", Query()).rows, key=_moment)
    root = etree.fromstring(str(kept.values["xml"]).encode())
    for ref in given:
        assert root.findtext(ref.split("/", 2)[2]) == run.node(ref).text, ref
    files = here.store.read(form_media.contents, kept.id)
    named = {live.text for live in run.walk() if live.type == "image" and live.text}
    assert set(files) == named


def _moment(view: Any) -> str:
    return str(view.values["finished"])


def check_paper(text: str, given: dict[str, str], language: str) -> None:
    """Each answer is on paper; Arabic is written there in the order of the eye, so that
    only what runs from left to right is read back."""
    wanted = {part for said in given.values() for part in said.split()}
    text = text.replace(",", "")
    if language == ARABIC:
        wanted = {part for part in wanted if part.isascii()}
    assert [part for part in sorted(wanted) if part not in text] == []
