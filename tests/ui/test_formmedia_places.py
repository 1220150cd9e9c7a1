"""Places and codes as answers: typed, pasted, from a file, on the map, by a scanner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk import i18n
from migdesk.forms import xlsform
from migdesk.forms.geotext import NoPlaces
from migdesk.forms.xpath import geo
from migdesk.models.store import Store
from migdesk.services.geo_words import area_words, length_words, place_words
from migdesk.ui.desk import Desk
from migdesk.ui.formview import FormView
from migdesk.ui.formview.barcode import BarcodeInput
from migdesk.ui.formview.geo import GeoInput
from migdesk.ui.formview.geomap import GeoMap
from migdesk.ui.formview.geowords import degrees_words, grid_step, round_down
from tests.ui.conftest import ScriptedAsker
from tests.ui.media_tools import at, keyboard, opened, said

BOOK = """
| survey |
| | type | name | label | appearance | body::accuracyThreshold |
| | barcode | card | Card | | |
| | geopoint | home | Home | | 10 |
| | geotrace | way | Way | | |
| | geoshape | field | Field | placement-map | |
| | text | last | Last | | |
| settings |
| | form_title | form_id | version |
| | Essai | essai | 1 |
"""
ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def xml() -> str:
    return xlsform.convert(BOOK, ".md").xml


@pytest.fixture
def view(desk: Desk, store: Store, xml: str, theme: object, qtbot: QtBot) -> FormView:
    return opened(desk, store, xml, qtbot, 900)


@pytest.fixture
def press(qtbot: QtBot) -> Callable[..., None]:
    return keyboard(qtbot)


def wrong(view: FormView, name: str) -> str | None:
    key = next(s.key for s in view.filling.stops if s.key.endswith(f"/{name}"))
    return view.filling.run.node(key).violation


# codes ------------------------------------------------------------------------


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(BarcodeInput, "clock", staticmethod(made))
    return made


def test_a_scanner_gives_the_whole_code_and_goes_on(
    view: FormView, clock: Clock, press: Callable[..., None], qtbot: QtBot
) -> None:
    at(view, "card")
    press("AB", ENTER)  # two signs are no scanner yet: a hand pressed Enter
    assert said(view, "card") == "AB" and view.filling.key.endswith("/home")
    where = at(view, "card")
    where.line.clear()
    press("4006381", ENTER)
    assert view.filling.key.endswith("/card")  # more may come
    press("333931", ENTER)
    assert view.filling.key.endswith("/card")
    qtbot.waitUntil(lambda: view.filling.key.endswith("/home"))
    assert said(view, "card") == "4006381\n333931"
    assert at(view, "card").line.text() == "4006381⏎333931"


def test_a_code_typed_by_hand_is_an_ordinary_line(
    view: FormView, clock: Clock, press: Callable[..., None]
) -> None:
    at(view, "card")
    clock.step = 0.2
    press("SN-12345", ENTER)
    assert said(view, "card") == "SN-12345" and view.filling.key.endswith("/home")


def test_a_scanner_fires_wherever_the_focus_is(
    view: FormView, clock: Clock, press: Callable[..., None], qtbot: QtBot
) -> None:
    at(view, "card")
    view.sheet.on.setFocus()
    press("9", "780201379624", ENTER)
    qtbot.waitUntil(lambda: view.filling.key.endswith("/home"))
    assert said(view, "card") == "9780201379624"


# points -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "14.6928 -17.4467",
        "14,6928 -17,4467",
        "https://www.google.com/maps?q=14.6928,-17.4467",
        "POINT(-17.4467 14.6928)",
    ],
)
def test_a_place_typed_or_pasted(
    view: FormView, words: str, press: Callable[..., None]
) -> None:
    where = at(view, "home")
    QGuiApplication.clipboard().setText(words)
    press(Qt.Key.Key_V, held=CTRL)
    where.flush()
    value = str(view.filling.run.node(where.live.ref).value)
    assert geo.points_of([value]) == [(14.6928, -17.4467)]
    assert wrong(view, "home") is None
    press(ENTER)
    assert view.filling.key.endswith("/way")
    assert at(view, "home").edit.toPlainText().replace(",", ".") == "14.6928 -17.4467"


def test_what_is_no_place_is_said_beside_it(view: FormView, press: Callable[..., None]) -> None:
    where = at(view, "home")
    press("Dakar")
    where.flush()
    assert said(view, "home") == "Dakar" and wrong(view, "home")
    assert where.edit.property("wrong") and where.map.points == []


def test_the_accuracy_and_what_the_form_wants(
    view: FormView, press: Callable[..., None]
) -> None:
    where = at(view, "home")
    for typed, words in (
        ("14.5 -17.5 30 8", "altitude 30 m · accuracy 8 m"),
        ("14.5 -17.5 0 25", "accuracy 25 m · the form wants 10 m"),
        ("14.5 -17.5 0 400", "accuracy 400 m · too vague to be used: measure again"),
    ):
        where.edit.selectAll()
        press(typed)
        where.flush()
        assert where.facts.text() == words


# lines and areas --------------------------------------------------------------


def test_a_line_by_keyboard_one_point_a_line(
    view: FormView, press: Callable[..., None]
) -> None:
    where = at(view, "way")
    press("14.70 -17.44", ENTER, "14.71 -17.44", ENTER, "14.71 -17.43", ENTER)
    assert view.filling.key.endswith("/way")
    press(ENTER)
    assert view.filling.key.endswith("/field")
    found = geo.points_of([said(view, "way")])
    assert found == [(14.70, -17.44), (14.71, -17.44), (14.71, -17.43)]
    again = at(view, "way")
    assert isinstance(where, GeoInput)
    assert again.facts.text() == "3 points · length 2.19 km"


def test_a_file_of_a_telephone(view: FormView, asker: ScriptedAsker, tmp_path: Path) -> None:
    where = at(view, "way")
    track, empty = tmp_path / "walk.gpx", tmp_path / "empty.gpx"
    track.write_text(
        '<gpx><trk><trkseg><trkpt lat="14.7" lon="-17.4"/><trkpt lat="14.8" lon="-17.4"/>'
        "</trkseg></trk></gpx>"
    )
    empty.write_text("<gpx/>")
    asker.paths = [track, empty]
    where.file_button.click()
    assert said(view, "way") == "14.7 -17.4 0 0; 14.8 -17.4 0 0"
    where.file_button.click()
    assert [type(fault) for fault in asker.faults] == [NoPlaces]
    where.clear_button.click()
    assert said(view, "way") == ""


def click(qtbot: QtBot, map: GeoMap, x: int, y: int) -> tuple[float, float]:
    place = map.to_place(QPoint(x, y).toPointF())
    qtbot.mouseClick(map, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    return place


def close(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one == pytest.approx(other, abs=1e-5)


def test_an_area_set_on_the_map(view: FormView, qtbot: QtBot) -> None:
    where = at(view, "field")
    assert where.map.isVisible()
    places = [click(qtbot, where.map, x, y) for x, y in ((200, 60), (300, 60), (300, 160))]
    found = geo.points_of([said(view, "field")])
    assert found is not None and len(found) == 4 and found[0] == found[-1]
    assert all(close(a, b) for a, b in zip(found, places, strict=False))
    assert "3 points · around " in where.facts.text() and "area" in where.facts.text()
    # A corner is dragged, another removed, and both are taken back.
    at_corner = where.map.to_screen(where.map.points[1]).toPoint()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(where.map, left, pos=at_corner)
    qtbot.mouseMove(where.map, at_corner + QPoint(30, 5))
    qtbot.mouseMove(where.map, at_corner + QPoint(60, 10))
    qtbot.mouseRelease(where.map, left, pos=at_corner + QPoint(60, 10))
    moved = geo.points_of([said(view, "field")])
    assert moved and moved[1] != found[1] and moved[0] == found[0]
    assert close(moved[1], where.map.to_place((at_corner + QPoint(60, 10)).toPointF()))
    spot = where.map.to_screen(where.map.points[2]).toPoint()
    qtbot.mouseClick(where.map, Qt.MouseButton.RightButton, pos=spot)
    assert len(where.map.points) == 2
    qtbot.keyClick(where.map, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(where.map, Qt.Key.Key_Z, CTRL)
    assert geo.points_of([said(view, "field")]) == found


def test_a_point_set_by_keyboard_only(view: FormView, press: Callable[..., None]) -> None:
    where = at(view, "home")
    press(Qt.Key.Key_F7)
    assert where.map.isVisible() and where.map.hasFocus()
    press("+", "+", Qt.Key.Key_Right, Qt.Key.Key_Up)
    middle = where.map.to_place(where.map.rect().toRectF().center())
    press(" ")
    (found,) = geo.points_of([said(view, "home")]) or []
    assert found == pytest.approx(middle, abs=0.5)
    press(Qt.Key.Key_Backspace)
    assert said(view, "home") == ""
    press(Qt.Key.Key_F7)
    assert where.map.isHidden() and where.edit.hasFocus()


def test_the_map_opens_where_the_other_answers_are(
    view: FormView, press: Callable[..., None]
) -> None:
    at(view, "home")
    press("14.5 -17.5", Qt.Key.Key_Return)
    where = at(view, "way")
    press(Qt.Key.Key_F7)
    assert where.map.known == [("Home", (14.5, -17.5))]
    middle = where.map.to_place(where.map.rect().toRectF().center())
    assert middle == pytest.approx((14.5, -17.5), abs=0.01)


def test_the_map_keeps_what_it_does_not_touch(
    view: FormView, qtbot: QtBot, press: Callable[..., None]
) -> None:
    where = at(view, "way")
    press("14.70 -17.44 12 3", ENTER, "14.71 -17.43 15 4")
    where.flush()
    where.turn_map()
    QApplication.processEvents()
    spot = where.map.to_screen(where.map.points[1]).toPoint()
    qtbot.mouseClick(where.map, Qt.MouseButton.RightButton, pos=spot)
    assert [float(word) for word in said(view, "way").split()] == [14.70, -17.44, 12, 3]


def test_the_map_turns_places_to_the_screen_and_back(qtbot: QtBot, theme: object) -> None:
    map = GeoMap("geotrace")
    qtbot.addWidget(map)
    map.resize(400, 300)
    map.show_points([(12.70, -15.56), (12.75, -15.50)])
    for point in ((12.72, -15.53), (-33.0, 18.4), (80.0, 179.0)):
        assert map.to_place(map.to_screen(point)) == pytest.approx(point, abs=1e-6)
    spots = [map.to_screen(point) for point in map.points]
    assert all(map.rect().contains(spot.toPoint()) for spot in spots)
    under = map.to_place(spots[0])
    map.zoom(3, spots[0])
    assert map.to_place(spots[0]) == pytest.approx(under, abs=1e-9)
    map.grab()


def test_words_of_a_map() -> None:
    assert [length_words(m) for m in (3.24, 850, 12_430)] == ["3.2 m", "850 m", "12.43 km"]
    assert [area_words(m) for m in (640, 12_500, 3_400_000)] == ["640 m²", "1.25 ha", "3.4 km²"]
    assert [round_down(n) for n in (0.07, 1, 3.9, 99, 50)] == pytest.approx(
        [0.05, 1, 2, 50, 50]
    )
    assert [grid_step(n) for n in (50, 1.5, 0.4, 0.001)] == [90, 2, 0.5, 5 / 3600]
    assert degrees_words(-15.5, 0.5, "E", "W") == "15° 30′ W"
    assert degrees_words(12.000277, 1 / 3600, "N", "S") == "12° 00′ 01″ N"
    assert degrees_words(0, 5, "N", "S") == "0°"
    ring = "12 -15 0 0; 12 -15.001 0 0; 12.001 -15.001 0 0; 12 -15 0 0"
    facts, corners = place_words("geoshape", ring).split(" m² · ")
    assert facts.startswith("3 points · around 37") and " · area 60" in facts
    assert corners == "12 -15; 12 -15.001; 12.001 -15.001; 12 -15"
    assert place_words("geopoint", "12 -15 0 7.5") == "12 -15 · accuracy 7.5 m"
    assert place_words("geopoint", "Dakar") == "Dakar"
    i18n.use("fr")
    assert " ".join(length_words(12_430).split()) == "12,43 km"
