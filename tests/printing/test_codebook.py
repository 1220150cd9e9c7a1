"""The codebook, tables of counts and their charts on paper."""

import pytest

from migdesk.printing.blocks import Chart
from migdesk.printing.sheets.codebook import Codebook, CodebookEntry
from migdesk.printing.sheets.crosstable import CrossTable
from tests.printing.paper import document, imprint, pages, printed, texts

ENTRY = CodebookEntry(
    "g/uses",
    "À quoi sert l’argent ?",
    "plusieurs choix",
    [("food", "Nourriture"), ("rent", "Loyer")],
    "Si Q4 = Oui",
    "12",
    "3",
    "5",
)


def test_codebook() -> None:
    many = CodebookEntry(
        "long", "", "", [(str(n), f"w{n}") for n in range(120)], "", "", "", ""
    )
    data = Codebook(
        imprint(), "Enquête", "Versions : 1", "Compté", [("", [ENTRY]), ("child", [many])]
    )
    words = " ".join(printed("codebook", data))
    for said in ("g/uses", "À quoi sert", "Nourriture", "Si Q4 = Oui", "12", "child", "w99"):
        assert said in words
    assert "w100" not in words and "20" in words


def test_a_long_codebook_takes_several_pages() -> None:
    data = Codebook(imprint("en"), "Survey", "", "", [("", [ENTRY] * 40)])
    found = printed("codebook", data)
    assert len(found) > 5
    assert sum(words.count("g/uses") for words in found) == 40


def test_cross_table() -> None:
    data = CrossTable(
        imprint("en"),
        "Use by sex",
        "Survey",
        [("Period", "2026")],
        ["Use", "Woman", "Man", "Total"],
        [["Food", "12", "•", "20"], ["Rent", "•", "9", "14"]],
        ["Total", "16", "18", "34"],
        ["• stands for fewer than 5."],
        Chart(["Food", "Rent"], ["Woman", "Man"], [[12, None], [None, 9]]),
    )
    words = " ".join(printed("cross-table", data))
    for said in ("Use by sex", "Period", "Woman", "12", "•", "fewer than 5", "Food"):
        assert said in words


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("stacked", [False, True])
def test_charts_of_every_kind(language: str, stacked: bool) -> None:
    names = [f"Groupe {n}" for n in range(90)]
    made = Chart(names, ["A", "B", "C", "D", "E"], [[n * 1.5 for n in range(90)]] * 5, stacked)
    paper = document(made, language=language)
    assert len(pages(paper)) > 1
    words = " ".join(texts(paper))
    assert all(f"Groupe {n}" in words or language == "ar" for n in (0, 45, 89))
    assert ("20 %" in words or "20\u00a0%" in words) is stacked or language == "ar"


def test_a_hidden_part_hides_the_whole_bar() -> None:
    made = Chart(["X"], ["A", "B"], [[7], [None]], stacked=True, unit="%")
    words = " ".join(texts(document(made)))
    assert "•" in words and "100" not in words
    assert "•" not in " ".join(texts(document(Chart([], ["A"], [[]]))))
