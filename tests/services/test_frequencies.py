"""Counting by questions, by repeats inside, and by what is known of people."""

from __future__ import annotations

import pytest

from migdesk.forms import Form
from migdesk.forms.dataset import Dataset, Entry, collect
from migdesk.forms.stats import THRESHOLD, Cross, Means
from migdesk.forms.xlsform import convert
from migdesk.i18n import speaking
from migdesk.services import frequencies
from migdesk.services.codebook import describe
from migdesk.services.count_words import HIDDEN, lay
from migdesk.services.frequencies import Asked, CannotCross, NothingToCount

FORM = """| survey |
| | type | name | label | relevant | calculation |
| | select_one sex | sex | Sex | | |
| | begin_repeat | child | Child | | |
| | integer | age | Age of child | | |
| | begin_group | school_part | School | ${age} > 5 | |
| | select_one yes_no | school | Goes to school? | | |
| | end_group | | | | |
| | end_repeat | | | | |
| | begin_repeat | field | Field | | |
| | decimal | surface | Surface | | |
| | end_repeat | | | | |
| | calculate | children | | | count(${child}) |
| | date | day | Day | | |
| | text | free | Free | | |
| choices |
| | list_name | name | label |
| | sex | f | Woman |
| | sex | m | Man |
| | yes_no | yes | Yes |
| | yes_no | no | No |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return Form.load(convert(FORM, ".md").xml)


@pytest.fixture(scope="module")
def data(form: Form) -> Dataset:
    entries = []
    for n in range(20):
        children = "".join(
            f"<child><age>{age}</age>"
            + (f"<school_part><school>{'yes' if n % 3 else ''}</school></school_part>"
               if age > 5 else "")
            + "</child>"
            for age in range(4, 8)
        )  # fmt: skip
        xml = (
            f"<data id='{form.form_id}'><sex>{'f' if n < 12 else 'm'}</sex>{children}"
            f"<field><surface>1.5</surface></field><children>4</children>"
            f"<day>2026-{n % 2 + 1:02}-03</day><free>{n} hectares</free></data>"
        )
        traits = {"sex": "female", "age": str(15 + n), "needs": "elderly", "status": "refugee"}
        entries.append(Entry(f"uuid:{n}", xml, traits=traits if n < 18 else {}))
    return collect([(form, "default")], entries)


def test_what_can_be_counted(data: Dataset) -> None:
    keys = [subject.key for subject in frequencies.subjects(data)]
    assert keys[:2] == ["0:sex", "0:children"]
    assert {"1:child/age", "2:field/surface", "@sex", "@age", "@status"} <= set(keys)
    labels = {subject.key: subject for subject in frequencies.subjects(data)}
    assert labels["0:children"].numeric and labels["1:child/age"].sheet == "Child"


def test_a_repeat_is_counted_by_its_rows(data: Dataset) -> None:
    made = frequencies.table(data, Asked("1:child/school_part/school", "0:sex"))
    assert isinstance(made, Cross)
    assert made.total == 26 and made.missing == 54
    assert made.column_totals == (16, 10)
    means = frequencies.table(data, Asked("0:sex", measure="1:child/age"))
    assert isinstance(means, Means)
    assert [(g.count, g.mean) for g in means.groups] == [(48, 5.5), (32, 5.5), (80, 5.5)]


def test_two_repeats_cannot_be_crossed(data: Dataset) -> None:
    with pytest.raises(CannotCross):
        frequencies.table(data, Asked("1:child/age", "2:field/surface"))
    with pytest.raises(NothingToCount):
        frequencies.table(data, Asked("0:gone"))


def test_people_known_and_sensitive_things_stay_hidden(data: Dataset) -> None:
    ages = frequencies.table(data, Asked("@age", threshold=0))
    assert isinstance(ages, Cross)
    assert dict(zip(ages.rows, ages.row_totals, strict=True))["18–24"] == 7
    assert (ages.total, ages.missing) == (18, 2)
    status = frequencies.table(data, Asked("@status", "0:sex", threshold=0))
    assert isinstance(status, Cross) and status.threshold == THRESHOLD
    assert frequencies.table(data, Asked("@needs")).threshold == THRESHOLD


def test_dates_by_month(data: Dataset) -> None:
    made = frequencies.table(data, Asked("0:day"))
    assert isinstance(made, Cross)
    assert made.rows == ("2026-01", "2026-02")


def test_words_of_a_table(data: Dataset) -> None:
    made = frequencies.table(data, Asked("0:sex", "@age", bounds=()))
    laid = lay(made, "row")
    assert laid.heads[0] == "Sex" and laid.heads[-1] == "Total"
    assert any(HIDDEN in cell for row in laid.rows for cell in row)
    assert any("left out" in note for note in laid.notes)
    assert len(laid.raw) == len(laid.shares) == 3
    with speaking("fr"):
        total = lay(frequencies.table(data, Asked("0:sex")), "column").total
    assert total[1].startswith("20")


def test_codebook(data: Dataset, form: Form) -> None:
    found = {each.path: each for each in describe(data, [(form, "default")])}
    school = found["child/school_part/school"]
    assert (school.answered, school.missing, school.not_asked) == (26, 14, 40)
    assert school.sheet == "child" and "5" in school.condition
    assert school.choices == (("yes", "Yes"), ("no", "No"))
    assert found["sex"].condition == ""
    assert found["children"].type == "calculated"
