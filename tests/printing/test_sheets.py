"""The printed documents: what they hold, what they leave out, in what language."""

import dataclasses

import pytest

from migdesk.i18n import speaking
from migdesk.printing.blocks import Chart, Choices, Document, Paragraph, Question, Total
from migdesk.printing.sheets import SHEETS
from migdesk.printing.sheets.appointment_slip import AppointmentSlip
from migdesk.printing.sheets.bench_report import BenchReport, BenchTable
from migdesk.printing.sheets.campaign_progress import CampaignProgress
from migdesk.printing.sheets.codebook import Codebook, CodebookEntry
from migdesk.printing.sheets.crosstable import CrossTable
from migdesk.printing.sheets.intake_form import IntakeField, IntakeForm, IntakeSection
from migdesk.printing.sheets.list_sheet import ListSheet
from migdesk.printing.sheets.pairing_card import PairingCard
from migdesk.printing.sheets.partner_sheet import Contact, PartnerProject, PartnerSheet
from migdesk.printing.sheets.plain_sheet import Children, HistoryLine, PlainSection, PlainSheet
from migdesk.printing.sheets.project_dossier import (
    BudgetLine,
    FinanceLine,
    Paper,
    ProjectDossier,
    Risk,
    Step,
)
from migdesk.printing.sheets.questionnaire import (
    Look,
    PaperChoice,
    PaperGroup,
    PaperQuestion,
    PaperRepeat,
    Questionnaire,
)
from migdesk.printing.sheets.record_sheet import RecordSheet
from migdesk.printing.sheets.recovery_key import RecoveryKey
from migdesk.printing.sheets.recovery_share import RecoveryShare
from migdesk.printing.sheets.request_receipt import RequestReceipt
from migdesk.printing.sheets.visit_list import PlaceVisits, VisitList
from tests.printing.paper import imprint, pages, printed, texts

LONG = "Le projet consiste à construire un poulailler moderne. " * 95
EN = imprint("en")

DOSSIER = ProjectDossier(
    EN,
    "Poultry",
    promoter=(("Name", "Aminata Diallo"), ("Nickname", "")),
    texts=(("Description", "Hens."), ("Market", "")),
    currency="in CFA francs",
    budget=(BudgetLine("Feed", "", "", "300,000"),),
    budget_total="2,900,000",
    finance=(FinanceLine("Savings", "own funds", "paid", "600,000"),),
    finance_total="2,550,000",
    gap="350,000",
    papers=(Paper("Identity card", True), Paper("Trade register", False, "to ask")),
    risks=(Risk("Flu", "high", "Vaccine"),),
    steps=(Step("File", "Bakary", "28 Nov"),),
    promoter_name="Aminata Diallo",
)
FILLED = Questionnaire(
    EN,
    "Needs",
    (
        PaperGroup(
            "You",
            (
                PaperQuestion(
                    "1", "Name?", answer="Diallo", required=True, hint="As on the card"
                ),
                PaperQuestion(
                    "2",
                    "Working?",
                    "one",
                    choices=(PaperChoice("Yes", "1", True), PaperChoice("No", "2")),
                    answer="Yes",
                ),
                PaperQuestion("3", "Which work?", condition="If Q2 = Yes", answer=""),
                PaperQuestion("4", "Born?", "date", answer="12/03/1985"),
                PaperRepeat(
                    "5",
                    "Household",
                    (PaperQuestion("5a", "First name"), PaperQuestion("5b", "Age", "integer")),
                    rows=(("Bakary", "40"), ("Awa", "12")),
                    blank_rows=9,
                ),
                PaperQuestion("6", "Thank you.", "note"),
            ),
        ),
    ),
)
ONE_OF_EACH: dict[str, object] = {
    "request-receipt": RequestReceipt(
        EN, "Aminata Diallo", "Poultry", "21 Nov", papers=("Card",)
    ),
    "appointment-slip": AppointmentSlip(EN, "Aminata Diallo", "1 Dec at 9:30", "Room 2"),
    "intake-form": IntakeForm(EN, (IntakeSection("Who", (IntakeField("Name", "Diallo"),)),)),
    "project-dossier": DOSSIER,
    "partner-sheet": PartnerSheet(
        EN,
        "ARD Sédhiou",
        countries=("Senegal",),
        contacts=(Contact("Moussa Camara", phone="+221 77 555 55 55"),),
        projects=(PartnerProject("Anchoring", partners=("GRDR", "Montreuil")),),
        partners=(("GRDR", "2"),),
    ),
    "questionnaire": FILLED,
    "campaign-progress": CampaignProgress(
        EN,
        "Needs 2026",
        "Needs",
        facts=(("State", "Under way"),),
        figures=(("Done", "19"),),
        targets=[("Women", "15", "13", "86 %", "2")],
        places=[("Karantaba", "6", "6", "100 %", "0"), ("Goudomp", "5", "3", "60 %", "2")],
        places_total=("Total", "11", "9", "81 %", "2"),
        workers=[("Malang", "8", "6", "75 %", "1", "1", "", "18 Nov")],
        draws=[("9 Nov", "Fatou", "Simple", "7f3a", "25", "60", "ab12")],
        strata=["North: 5 + 2 / 53"],
        late="The period is over.",
    ),
    "visit-list": VisitList(
        EN,
        "Needs 2026",
        "Malang",
        "9 – 29 Nov",
        (PlaceVisits("Simbandi", [("M-1", "Sow", "Near the well", "77 123 45 67")]),),
    ),
    "bench-report": BenchReport(
        EN,
        "Needs",
        "Two versions",
        "1 → 2",
        (("Questions", "12"),),
        (
            BenchTable("Differences", ("Question", "What"), (("age", "Label"),), (3, 1), "One"),
            BenchTable("Effects", note="No answer is lost."),
        ),
    ),
    "codebook": Codebook(
        EN,
        "Needs",
        "1, 2",
        "12 answers",
        (
            ("", [CodebookEntry("sex", "Sex", "choice", [("1", "Woman")], "", "12", "0", "")]),
            ("child", [CodebookEntry("age", "Age", "number", (), "If Q1", "3", "1", "8")]),
        ),
    ),
    "cross-table": CrossTable(
        EN,
        "Needs",
        "Sex by place",
        (("Period", "2026"),),
        ("", "Women", "Men"),
        (("Kolda", "12", "…"), ("Goudomp", "9", "8")),
        ("Total", "21", "…"),
        notes=("Numbers below 5 are hidden.",),
        chart=Chart(("Kolda", "Goudomp"), ("Women", "Men"), ((12, 9), (None, 8)), stacked=True),
    ),
    "plain-sheet": PlainSheet(
        EN,
        "Person",
        "Aminata Diallo",
        sections=(PlainSection("Names", (("Name", "Diallo"),)), PlainSection("Empty", ())),
        children=(Children("Visits", ("Day", "Why"), (("1 Nov", "Welcome"),)),),
        history=(HistoryLine("21 Nov", "Fatou", "Phone", "771", "772"),),
    ),
    "list-sheet": ListSheet(EN, "People", ("Code", "Name"), (("P-1", "Diallo"),), "region"),
    "recovery-key": RecoveryKey(EN, "Sédhiou", ("7KQ2M", "X9PDA"), "7KQ2MX9PDA"),
    "recovery-share": RecoveryShare(EN, "Sédhiou", 2, "04711", ("academic", "zero") * 11),
    "pairing-card": PairingCard(EN, "Desk 2", ("7241", "9035"), "CARD1:abc'def"),
    "file-cover": RecordSheet(EN, "File cover sheet", "Awa", (Paragraph("Opened today"),)),
}


# Those whose blocks are made where the records are share one layout: one stands for all.
OWN = [key for key in SHEETS if SHEETS[key].data is not RecordSheet or key in ONE_OF_EACH]


def test_every_sheet_has_a_sample_and_its_own_data() -> None:
    assert set(ONE_OF_EACH) == set(OWN)
    for key, data in ONE_OF_EACH.items():
        assert isinstance(data, SHEETS[key].data)
        assert dataclasses.fields(SHEETS[key].data)[0].name == "imprint"


@pytest.mark.parametrize("key", OWN)
def test_sheet_prints_in_each_language(key: str) -> None:
    for language in ("en", "fr", "ar"):
        data = dataclasses.replace(ONE_OF_EACH[key], imprint=imprint(language))  # type: ignore[type-var]
        paper: Document = SHEETS[key].lay_out(data)
        assert paper.language == language
        assert "Page" in texts(paper)[0] or language != "en"


@pytest.mark.parametrize("key", OWN)
def test_sheet_takes_long_and_empty_texts(key: str) -> None:
    """5,000 characters or nothing in every text of the data."""
    for text in (LONG, ""):
        data = ONE_OF_EACH[key]
        changed = {
            field.name: text
            for field in dataclasses.fields(data)  # type: ignore[arg-type]
            if field.type == "str" and field.name not in ("qr", "card")
        }
        paper = dataclasses.replace(data, **changed)  # type: ignore[type-var]
        assert pages(SHEETS[key].lay_out(paper))


def test_language_of_a_document_is_not_the_screens() -> None:
    with speaking("fr"):
        assert "Budget" in " ".join(printed("project-dossier", DOSSIER))
        assert "Finance plan" in " ".join(printed("project-dossier", DOSSIER))


def test_dossier_has_totals_gap_and_papers() -> None:
    found = " ".join(printed("project-dossier", DOSSIER))
    assert "Total 2,900,000" in found
    assert "Found or requested 2,550,000" in found
    assert "Still to find 350,000" in found
    assert "Papers still missing Trade register" in found
    assert "1 of 2" in found


def test_empty_values_are_left_out_unless_the_form_is_blank() -> None:
    found = " ".join(printed("project-dossier", DOSSIER))
    assert "Nickname" not in found and "Market" not in found and "Annexes" not in found
    fields = (IntakeField("Name", "Diallo"), IntakeField("Alias"))
    form = IntakeForm(EN, (IntakeSection("Who", fields),))
    assert "Alias" not in printed("intake-form", form)[0]
    blank = printed("intake-form", dataclasses.replace(form, blank=True))[0]
    assert "Alias" in blank and "Diallo" not in blank


def test_complete_plan_has_no_gap_line() -> None:
    paper = SHEETS["project-dossier"].lay_out(dataclasses.replace(DOSSIER, gap=""))
    totals = [t for block in paper.blocks for t in getattr(block, "totals", ())]
    assert totals and all(isinstance(t, Total) and t.tone == "plain" for t in totals)


def look(kind: Look) -> str:
    return " ".join(printed("questionnaire", dataclasses.replace(FILLED, look=kind)))


def test_blank_questionnaire_shows_skips_and_no_answer() -> None:
    found = look("blank")
    assert "If Q2 = Yes" in found and "As on the card" in found and "Name? *" in found
    assert "Diallo" not in found and "Bakary" not in found and "1985" not in found
    assert "5a First name" in found and " 9 " in found
    paper = SHEETS["questionnaire"].lay_out(FILLED)
    ticks = [
        option.ticked
        for question in paper.blocks
        if isinstance(question, Question)
        for body in question.body
        if isinstance(body, Choices)
        for option in body.options
    ]
    assert ticks == [False, False]


def test_filled_and_compact_questionnaires_hold_the_answers() -> None:
    for kind in ("filled", "compact"):
        found = look(kind)
        assert all(word in found for word in ("Diallo", "Bakary 40", "Awa 12", "12/03/1985"))
        assert "If Q2" not in found
    assert "Which work?" not in look("compact")


def test_history_begins_a_page() -> None:
    found = printed("plain-sheet", ONE_OF_EACH["plain-sheet"])
    assert len(found) == 2 and "771 772" in found[1] and "Empty" not in found[0]


def test_keys_are_printed_exactly() -> None:
    """No typography in what will be typed again."""
    data = dataclasses.replace(ONE_OF_EACH["pairing-card"], imprint=imprint("fr"))  # type: ignore[type-var]
    assert "CARD1:abc'def" in printed("pairing-card", data)[0]
    key = printed("recovery-key", ONE_OF_EACH["recovery-key"])[0]
    assert "7KQ2M X9PDA" in key


def test_slips_are_small_and_fit_one_page() -> None:
    for key in ("request-receipt", "appointment-slip"):
        found = pages(SHEETS[key].lay_out(ONE_OF_EACH[key]))
        assert len(found) == 1 and round(found[0].mediabox.width) == 420


def test_list_of_nothing_says_so() -> None:
    empty = ListSheet(EN, "People", ("Code", "Name"), ())
    assert "Nothing to show." in printed("list-sheet", empty)[0]


def test_a_visit_list_leaves_room_for_the_result() -> None:
    found = "\n".join(printed("visit-list", ONE_OF_EACH["visit-list"]))
    assert "Result" in found
    assert "Near the well" in found


def test_progress_says_how_the_sample_was_drawn() -> None:
    found = "\n".join(printed("campaign-progress", ONE_OF_EACH["campaign-progress"]))
    for words in ("7f3a", "North: 5 + 2 / 53", "81 %", "The period is over."):
        assert words in found
