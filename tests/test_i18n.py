"""The tools that keep the catalogues: what they refuse, and what they put right."""

import gettext
import json
from pathlib import Path

import catalogues
import pytest
from catalogues import Project

from migdesk.i18n import system_language

CODE = '''
from migdesk.i18n import N_, _, ngettext
LABEL = N_("Family name")
def greet(n):
    return _("Hello {name}").format(name="") + ngettext("{n} person", "{n} people", n)
'''
FRENCH: dict[str, str | list[str]] = {
    "Family name": "Nom de famille",
    "Hello {name}": "Bonjour {name}",
    "{n} person": ["{n} personne", "{n} personnes"],
}




@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A program with three messages, its catalogues made and not yet filled."""
    program = Project(tmp_path / "program", tmp_path / "translations")
    program.code.mkdir()
    (program.code / "words.py").write_text(CODE, "utf-8")
    catalogues.update(program)
    return program


def fill(project: Project, changes: dict[str, str | list[str]] | None = None) -> list[str]:
    return catalogues.fill(project, "fr", FRENCH | (changes or {}))


def check(project: Project) -> list[str]:
    return catalogues.check(project, project.collect())


def change(project: Project, words: str, forms: tuple[str, ...] = (), flag: str = "") -> None:
    """Alter the French file as a person with a text editor might."""
    catalogue = project.load("fr")
    message = catalogue.get(words)
    assert message is not None
    if forms:
        message.string = forms
    if flag:
        message.flags.add(flag)
    catalogues.save(catalogue, project.po("fr"))


def test_marked_words_are_collected(project: Project) -> None:
    assert [message.id for message in catalogues.words_of(project.collect())] == [
        "Family name",
        "Hello {name}",
        ("{n} person", "{n} people"),
    ]


def test_a_full_catalogue_is_accepted(project: Project) -> None:
    assert fill(project) == []
    assert check(project) == []


def test_missing_words_are_listed_as_a_form_to_fill(project: Project) -> None:
    form = catalogues.missing(project.load("fr"))
    assert form == {"Family name": "", "Hello {name}": "", "{n} person": ["", ""]}
    assert fill(project, form) == []
    assert catalogues.missing(project.load("fr")) == form
    fill(project)
    assert catalogues.missing(project.load("fr")) == {}


def test_french_must_be_whole_and_english_need_not(project: Project) -> None:
    assert [fault[:18] for fault in check(project)] == ["fr: not translated"] * 3


def test_a_plural_needs_all_its_forms(project: Project) -> None:
    fill(project)
    change(project, "{n} person", ("{n} personne", ""))
    assert check(project) == ["fr: not translated: '{n} person'"]


@pytest.mark.parametrize("wrong", ["Bonjour", "Bonjour {nom}", "Bonjour {name", "Bonjour {}"])
def test_gaps_must_be_those_of_the_source(project: Project, wrong: str) -> None:
    assert len(fill(project, {"Hello {name}": wrong})) == 1
    assert "Hello {name}" in catalogues.missing(project.load("fr"))


def test_one_may_leave_out_its_number_and_many_may_not(project: Project) -> None:
    (project.code / "words.py").write_text('ngettext("one person", "{n} people", 2)', "utf-8")
    catalogues.update(project)

    def faults(*forms: str) -> int:
        return len(catalogues.fill(project, "fr", {"one person": list(forms)}))

    assert faults("{n} personne", "{n} personnes") == 0
    assert faults("une personne", "{n} personnes") == 0
    assert faults("une personne", "des personnes") == 1


def test_a_stale_template_is_noticed(project: Project) -> None:
    fill(project)
    (project.code / "more.py").write_text('_("New words")', "utf-8")
    assert check(project) == [
        "migdesk.pot is stale: run `make translations`",
        "fr: catalogue is stale: run `make translations`",
        "en: catalogue is stale: run `make translations`",
    ]


def test_a_fuzzy_translation_is_not_enough(project: Project) -> None:
    fill(project)
    change(project, "Family name", flag="fuzzy")
    assert check(project) == ["fr: fuzzy: 'Family name'"]


def test_unknown_words_are_left_out(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fill(project, {"Unknown": "Inconnu"}) == []
    assert "'Unknown'" in capsys.readouterr().err


def test_french_spaces_are_put_right() -> None:
    typed = "L'heure : « demain » ; oui ?"
    right = "L’heure\u00a0: «\u00a0demain\u00a0»\u202f; oui\u202f?"
    assert catalogues.tidy(typed, "fr") == right
    assert catalogues.tidy(right, "fr") == right
    assert catalogues.tidy(typed, "en") == typed


def test_files_carry_no_dates(project: Project) -> None:
    for path in (project.pot, project.po("fr")):
        assert "Date" not in path.read_text("utf-8")


def test_compiled_words_are_found(project: Project, tmp_path: Path) -> None:
    given = tmp_path / "fr.json"
    given.write_text(json.dumps(FRENCH), "utf-8")
    assert catalogues.main(["fill", "fr", str(given)], project) == 0
    assert catalogues.main(["check"], project) == 0
    assert catalogues.main(["compile"], project) == 0
    words = gettext.translation("migdesk", str(project.translations), ["fr"])
    assert words.gettext("Hello {name}") == "Bonjour {name}"
    assert words.ngettext("{n} person", "{n} people", 0) == "{n} personne"
    assert words.ngettext("{n} person", "{n} people", 2) == "{n} personnes"


@pytest.mark.parametrize(
    ("said", "spoken"),
    [({"LANG": "fr_SN.UTF-8"}, "fr"), ({"LANG": "fr_FR", "LC_ALL": "en_GB"}, "en"),
     ({"LANG": "wo_SN"}, "fr"), ({"LANG": "C.UTF-8"}, "fr")],
)  # fmt: skip
def test_the_language_of_the_computer_is_what_the_person_set(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], spoken: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert system_language() == spoken
