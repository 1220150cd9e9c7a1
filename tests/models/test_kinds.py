"""Every kind: what is typed, what is stored, what is shown, what is searched."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk import codelists, i18n
from migdesk.i18n import LANGUAGES
from migdesk.models import RECORDS
from migdesk.models.dates import parse_fuzzy
from migdesk.models.kinds import (
    HOME,
    BadValue,
    Boolean,
    Choice,
    Choices,
    Country,
    Date,
    Email,
    FuzzyDate,
    Kind,
    Link,
    Links,
    LongText,
    Moment,
    Money,
    Number,
    Phone,
    Source,
    Texts,
    add_money,
    split_money,
)

KINDS: list[Kind] = list({f.kind: None for t in RECORDS.values() for f in t.fields.values()})
TODAY = date(2026, 11, 21)

days = st.dates(date(1800, 1, 1), date(2200, 12, 31))
amounts = st.decimals(-(10**14), 10**14, places=2, allow_nan=False)


def holdable(value: Any) -> bool:
    """Whether a bundle and PostgreSQL can hold the value."""
    text = json.dumps(value, ensure_ascii=False)
    return "\x00" not in value if isinstance(value, str) else bool(text.encode())


def refused(kind: Kind, typed: str) -> str:
    with pytest.raises(BadValue) as caught:
        kind.parse(typed)
    assert str(caught.value.why)
    return str(caught.value.why)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(typed=st.text(st.characters(codec=None), max_size=60))
def test_whatever_is_typed_is_stored_or_refused_in_words(kind: Kind, typed: str) -> None:
    try:
        stored = kind.parse(typed)
    except BadValue as mistake:
        assert str(mistake.why)
        return
    if stored is not None:
        assert holdable(stored)
        assert isinstance(stored, (str, int, float, bool, list))
        assert kind.check(stored) == stored
        assert isinstance(kind.show(stored), str)
        assert all(isinstance(word, str) for word in kind.words(stored))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_nothing_is_nothing(kind: Kind) -> None:
    assert kind.check(None) is None
    assert kind.parse("") is None
    assert kind.show(None) == ""
    assert kind.words(None) == []


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (Kind(), "N’Diaye 阿 Ѕ"),
        (LongText(), "a\nb"),
        (Texts(), ["Fatou", "Mère Diop"]),
        (Boolean(), True),
        (Boolean(), False),
        (Number(), 1250),
        (Number(), -1_250_000),
        (Number(decimals=2), 1250.5),
        (Number(decimals=2), 0.25),
        (Date(), "2026-03-12"),
        (FuzzyDate(), "1985"),
        (FuzzyDate(), "1985~"),
        (FuzzyDate(), "1985-03~"),
        (FuzzyDate(), "1985-12-31"),
        (Moment(), "2026-03-12T17:30:00Z"),
        (Phone(), "+221771234567"),
        (Phone(), "+33612345678"),
        (Phone(), "+1234"),
        (Country(), "SN"),
        (Choice(codes="sex"), "female"),
    ],
)
def test_what_is_shown_can_be_typed(code: str, kind: Kind, stored: Any) -> None:
    """A form shows a value and reads it again, in every language of the program."""
    i18n.use(code)
    assert kind.parse(kind.show(stored)) == stored


@pytest.mark.parametrize("code", LANGUAGES)
@given(amount=amounts, currency=st.sampled_from(["XOF", "XAF", "EUR", "USD", "MAD", "TND"]))
def test_money_shown_can_be_typed(code: str, amount: Decimal, currency: str) -> None:
    with i18n.speaking(code):
        stored = Money().check(f"{amount} {currency}")
        assert Money().parse(Money().show(stored)) == stored
        assert split_money(stored) == (amount, currency)


@pytest.mark.parametrize("code", LANGUAGES)
@given(amount=amounts)
def test_a_number_shown_can_be_typed(code: str, amount: Decimal) -> None:
    with i18n.speaking(code):
        kind = Number(decimals=2)
        stored = kind.check(float(amount) / 1000)
        assert kind.parse(kind.show(stored)) == stored


@pytest.mark.parametrize("code", LANGUAGES)
@given(day=days)
def test_a_day_shown_can_be_typed(code: str, day: date) -> None:
    with i18n.speaking(code):
        stored = day.isoformat()
        assert Date().parse(Date().show(stored)) == stored
        for fuzzy in (stored, f"{stored}~", stored[:7], f"{stored[:4]}~"):
            assert FuzzyDate().parse(FuzzyDate().show(fuzzy)) == fuzzy


@given(st.text(st.characters(codec="utf-8")))
def test_names_of_any_script_stay(name: str) -> None:
    stored = Kind().parse(name[:1000])
    assert stored is None or Kind().parse(stored) == stored


@pytest.mark.parametrize(
    "name",
    ["Ɗiawo Ɓah", "محمد عبد الله", "ߡߡߊߘߎ", "Ⴓ ⵎⵓⵃⴰⵎⵎⴷ", "李小龍", "የሺ", "Ng͡bako", "O’Neil"],
)
def test_a_name_is_kept_as_written(name: str) -> None:
    assert Kind().parse(name) == name


def test_pasted_control_characters_go() -> None:
    pasted = "Fa\x00tou\x1b[31m\x07\u202e \ufeffDi\x7fop\r\n"
    assert Kind().parse(pasted) == "Fatou[31m Diop"
    assert LongText().parse("a\r\nb\rc\x00\td\ud800") == "a\nb\nc\td"
    assert Texts().check(["a\x00", "\x07", " b "]) == ["a", "b"]
    assert Choice(codes="sex").check("fem\x00ale") == "female"


def test_what_looks_the_same_is_stored_the_same() -> None:
    assert Kind().parse("e\u0301") == Kind().parse("é") == "é"


def test_a_note_of_five_thousand_characters() -> None:
    note = "Élevage de poules. " * 264
    assert len(note) > 5_000
    assert LongText().parse(note) == note.strip()
    refused(LongText(), "x" * 20_001)
    refused(Kind(), "x" * 1_001)


def test_machine_written_text_stays_exactly() -> None:
    xml = "<a>\r\n  \t é e\u0301</a>\n"
    assert Source().parse(xml) == xml
    for unfit in ("a\x00b", "a\ud800"):
        refused(Source(), unfit)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12/3/89", "1989-03-12"),
        ("12.03.1989", "1989-03-12"),
        ("1989-3-12", "1989-03-12"),
        ("12 mars 1989", "1989-03-12"),
        ("March 12, 1989", "1989-03-12"),
        ("1er août 1989", "1989-08-01"),
        ("fevrier 1989", "1989-02"),
        ("3/1989", "1989-03"),
        ("1989-03", "1989-03"),
        ("1989", "1989"),
        ("١٩٨٩", "1989"),
        ("vers 1985", "1985~"),
        ("environ mars 1985", "1985-03~"),
        ("about 12/3/1985", "1985-03-12~"),
        ("~1985", "1985~"),
        ("1985 ?", "1985~"),
        ("40 ans", "1986~"),
        ("40 years old", "1986~"),
        ("vers 40 ans", "1986~"),
    ],
)
def test_fuzzy_dates(typed: str, stored: str) -> None:
    assert parse_fuzzy(typed, TODAY) == stored


@pytest.mark.parametrize(
    "typed",
    ["31/2/1989", "1989-13", "131 ans", "199", "3000", "mars", "12/12", "mars avril 1989"],
)
def test_no_date(typed: str) -> None:
    refused(FuzzyDate(), typed)
    refused(Date(), typed)


@pytest.mark.parametrize(
    "typed",
    [
        "77 123 45 67",
        "771234567",
        "77-123-45-67",
        "(221) 77.123.45.67",
        "+221 77 123 45 67",
        "00221 77 123 45 67",
        "00221771234567",
        "tel: 77/123/45/67",
        "٧٧١٢٣٤٥٦٧",
    ],
)
def test_a_phone_in_any_notation_is_stored_once(typed: str) -> None:
    assert Phone().parse(typed) == "+221771234567"


def test_a_phone_is_read_where_the_office_is() -> None:
    HOME.country = "FR"
    assert Phone().parse("06 12 34 56 78") == "+33612345678"
    assert Phone().show("+33612345678") == "06 12 34 56 78"
    assert Phone().show("+221771234567") == "+221 77 123 45 67"


def test_a_phone_that_nobody_can_parse_is_kept() -> None:
    assert Phone().parse("771234567 (voisin) ou 12") == "771234567 (voisin) ou 12"
    refused(Phone(), "12")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("150000", "150000 XOF"),
        ("150 000 F CFA", "150000 XOF"),
        ("150.000 F", "150000 XOF"),
        ("150,000 francs cfa", None),
        ("1.250.000 fcfa", "1250000 XOF"),
        ("1 250,50 €", "1250.5 EUR"),
        ("€1,250.50", "1250.5 EUR"),
        ("-12,5 eur", "-12.5 EUR"),
        ("$ 20", "20 USD"),
        ("1,250 TND", "1.25 TND"),
        ("1.250,000 TND", "1250 TND"),
        ("0,125 XOF", "0.125 XOF"),
        ("300 dh", "300 MAD"),
        ("7 GMD", "7 GMD"),
        ("-0", "0 XOF"),
        ("12 EUR 5", None),
        ("XOF", None),
        ("1e3", None),
        ("1e999999999 XOF", None),
        ("0.00001", None),
        ("9" * 16, None),
        ("9" * 5000, None),
    ],
)
def test_money(typed: str, stored: str | None) -> None:
    if stored is None:
        refused(Money(), typed)
    else:
        assert Money().parse(typed) == stored


def test_an_amount_is_never_read_as_another() -> None:
    """150.000 is how Spain, Romania and many in Dakar write 150 000."""
    for code in LANGUAGES:
        i18n.use(code)
        assert Money().parse("150.000") == Money().parse("150,000") == "150000 XOF"
        assert Money().check("1.125 TND") == "1.125 TND"
        assert Money().check(150_000) == "150000 XOF"
        assert Number(decimals=3).check(1.125) == 1.125


def test_a_central_african_franc_stays_one() -> None:
    assert Money().parse(Money().show("5000 XAF")) == "5000 XAF"
    HOME.currency = "XAF"
    assert Money().parse("5000 FCFA") == "5000 XAF"


def test_sums_never_mix_currencies() -> None:
    total = add_money(["100 XOF", None, "5.5 EUR", "0.5 EUR", "-50 XOF"])
    assert total == {"XOF": Decimal(50), "EUR": Decimal(6)}


def test_numbers_have_their_limits() -> None:
    kind = Number(low=0, high=100)
    assert (kind.parse("0"), kind.parse("100"), kind.parse(" 1 0 ")) == (0, 100, 10)
    for typed in ("-1", "101", "1,5", "abc", "1e1", "NaN", "∞"):
        refused(kind, typed)
    for typed in ("9" * 30, "9" * 5000):
        refused(Number(decimals=2), typed)
    with pytest.raises(BadValue):
        Number(decimals=2).check(float("nan"))


def test_choices_take_codes_and_labels() -> None:
    i18n.use("fr")
    kind = Choices(codes="languages")
    items = list(codelists.get("languages"))[:2]
    typed = f"{items[0].code}|{items[1].label('fr')}|{items[0].label('fr').upper()}"
    assert kind.parse(typed) == [items[0].code, items[1].code]
    assert kind.check("") is None
    refused(kind, "klingonais")
    assert Country().parse("sénégal") == "SN"
    assert Country().words("SN") == ["Sénégal"]


def test_an_open_list_keeps_a_code_that_it_does_not_know() -> None:
    assert Choice(codes="sex").check("from_elsewhere") == "from_elsewhere"
    assert Choice(codes="sex").show("from_elsewhere")


@pytest.mark.parametrize("codes", sorted({k.codes for k in KINDS if isinstance(k, Choice)}))
@pytest.mark.parametrize("code", ["fr", "en"])
def test_each_label_leads_back_to_its_code(codes: str, code: str) -> None:
    i18n.use(code)
    kind = Choice(codes=codes)
    items = codelists.countries() if codes == "country" else codelists.get(codes)
    assert [kind.parse(kind.show(item.code)) for item in items] == [i.code for i in items]


def test_email_and_links() -> None:
    assert Email().parse(" a@b.org ") == "a@b.org"
    for typed in ("a", "a@b", "a b@c.org", "a@b."):
        refused(Email(), typed)
    assert Link(to="person").check("x") == "x"
    assert Links(to="person").check(["a", "b", "a"]) == ["a", "b"]
    assert Texts().check("a, b") == ["a", "b"]
