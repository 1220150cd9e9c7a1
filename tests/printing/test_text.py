"""Words on paper: cleaning, typography, hyphenation, order of scripts."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migdesk.printing import direction, fonts
from migdesk.printing.text import Prose, Style, clean, typography

SPACES = re.compile("[ \u00a0\u202f]")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Nom: Diallo", "Nom\u00a0: Diallo"),
        ("Pourquoi?", "Pourquoi\u202f?"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("oui; non", "oui\u202f; non"),
        ("«oui»", "«\u00a0oui\u00a0»"),
        ("« oui »!", "«\u00a0oui\u00a0»\u202f!"),
        ("9%", "9\u00a0%"),
        ("9 %.", "9\u00a0%."),
        ("l'eau d'Aminata", "l’eau d’Aminata"),
        ("150 000 F CFA", "150\u202f000\u00a0F\u00a0CFA"),
        ("2 900 000", "2\u202f900\u202f000"),
        ("M. Camara", "M.\u00a0Camara"),
    ],
)
def test_french_typography(typed: str, set_: str) -> None:
    assert typography(typed, "fr") == set_


@pytest.mark.parametrize(
    "same",
    ["https://a.sn/?a=b:c", "10:30", "+221 77 123 45 67", "a(?)", "fatou@a.sn", "100%25", ""],
)
def test_addresses_hours_and_phones_are_untouched(same: str) -> None:
    assert typography(same, "fr") == same


def test_other_languages_keep_their_spaces() -> None:
    assert typography("What's this? 50%", "en") == "What’s this? 50%"
    assert typography("ما هذا؟ 50%", "ar") == "ما هذا؟ 50%"


@given(st.text(alphabet=st.sampled_from("ab1 0'«»:;!?%().,\u00a0\u202fé"), max_size=40))
@settings(max_examples=150)
def test_french_typography_is_stable_and_loses_no_sign(text: str) -> None:
    once = typography(text, "fr")
    assert typography(once, "fr") == once
    assert SPACES.sub("", once).replace("’", "'") == SPACES.sub("", text)


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_cleaned_text_has_only_signs_that_a_font_draws(text: str) -> None:
    cleaned = clean(text)
    known = fonts.latin().codes | fonts.arabic().codes
    assert set(cleaned) <= known | set("\n")
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert clean(cleaned) == cleaned


def test_letters_of_the_region_are_drawn_and_others_boxed() -> None:
    assert clean("ŋ ɓ ɗ ƴ ñ Ŋ Ɓ Ɗ Ƴ") == "ŋ ɓ ɗ ƴ ñ Ŋ Ɓ Ɗ Ƴ"
    assert clean("a\x07\u202eb\x00") == "ab"
    assert clean("é".encode().decode() + "e\u0301") == "éé"
    assert clean("👨‍👩‍👧 👍🏽 村") == "□ □ □"
    assert clean("a\r\nb\u2028c") == "a\nb\nc"


@given(
    st.text(alphabet=st.sampled_from("abé -/.@ \nفاطمة1"), max_size=200),
    st.floats(min_value=0.5, max_value=200),
)
@settings(max_examples=100)
def test_breaking_keeps_every_sign_and_every_line_fits(text: str, width: float) -> None:
    prose = Prose(text, Style(verbatim=True), "fr")
    lines = prose.lines(width)
    kept = "".join(line.text for line in lines)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", prose.text)
    assert all(line.width <= width + 0.02 or len(line.text) == 1 for line in lines)


def test_french_words_are_hyphenated_in_narrow_columns_but_names_are_not() -> None:
    style = Style(hyphenate=True)
    word = Prose("un développement anticonstitutionnellement long", style, "fr")
    assert any(line.text.endswith("\u2010") for line in word.lines(90))
    name = Prose("les Anticonstitutionnellement", style, "fr")
    assert not any(line.text.endswith("\u2010") for line in name.lines(180))


def drawn(text: str, rtl: bool) -> str:
    """Visual order, Arabic runs shown reversed as the eye meets them."""
    runs = direction.drawn_order(text, rtl, "Regular")
    return "".join(run.text[::-1] if run.shaped else run.text for run in runs)


def test_arabic_name_in_a_french_line_is_ordered_right_to_left() -> None:
    assert drawn("Mme فاطمة الزهراء (Dakar).", False) == "Mme ءارهزلا ةمطاف (Dakar)."


def test_stop_and_phone_do_not_flip_an_arabic_line() -> None:
    line = direction.hold_numbers("هاتف +221 77 123 45 67.")
    assert drawn(line, True).replace("\u00a0", " ") == ".+221 77 123 45 67 فتاه"


def test_phone_is_not_broken_between_arabic_lines() -> None:
    prose = Prose("هاتف المكتب +221 77 123 45 67 كل يوم", Style(), "ar")
    whole = [line.text for line in prose.lines(110) if "221" in line.text]
    assert len(prose.lines(110)) > 1
    assert "+221\u00a077\u00a0123\u00a045\u00a067" in whole[0]


def test_brackets_are_mirrored_in_an_arabic_line() -> None:
    assert drawn("فاطمة (سالم)", True) == "(ملاس) ةمطاف"


def test_arabic_letters_are_joined() -> None:
    """Four letters in a row take their initial, medial and final shapes."""
    glyphs = fonts.arabic().shape("محمد", rtl=True)
    alone = [fonts.arabic().shape(letter, rtl=True)[0].char for letter in "محمد"]
    assert [glyph.char for glyph in reversed(glyphs)] != alone
    assert len({glyph.char for glyph in glyphs}) == 4


def test_direction_of_a_value_is_that_of_its_letters() -> None:
    assert direction.base_is_rtl("فاطمة", page_rtl=False)
    assert not direction.base_is_rtl("Mme فاطمة", page_rtl=False)
    assert direction.base_is_rtl("GRDR منظمة", page_rtl=True)
    assert not direction.base_is_rtl("+221 77", page_rtl=True)
