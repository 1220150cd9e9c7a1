"""A small survey for the tests of campaigns: a form, and a way to fill it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from migdesk.forms import Form, Run, xlsform
from migdesk.models.store import Store
from migdesk.services import records, submissions

BOOK = """
| survey |
|| type | name | label::Français (fr) | label::English (en) | appearance |
| | start | start | | | |
| | end | end | | | |
| | text | who | Nom | Name | |
| | select_one sexes | sex | Sexe | Sex | |
| | integer | age | Âge | Age | |
| | text | village | Village | Village | |
| | decimal | income | Revenu | Income | |
| | begin_group | trust | Confiance | Trust | |
| | select_one scale | mayor | Maire | Mayor | |
| | select_one scale | judge | Juge | Judge | |
| | select_one scale | press | Presse | Press | |
| | select_one scale | police | Police | Police | |
| | end_group | | | | |
| | begin_repeat | member | Membres | Members | |
| | text | called | Prénom | First name | |
| | integer | years | Âge | Age | |
| | end_repeat | | | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | sexes | 1 | Femme | Woman |
| | sexes | 2 | Homme | Man |
| | scale | low | Peu | Little |
| | scale | some | Assez | Some |
| | scale | high | Beaucoup | Much |
| settings |
| | form_title | form_id | version | default_language |
| | Enquête | enquete | 1 | Français (fr) |
"""
START = datetime(2026, 11, 16, 9).astimezone()


@cache
def xform() -> str:
    return xlsform.convert(BOOK, ".md").xml


def questionnaire(store: Store) -> str:
    """The form, in use."""
    return store.write(submissions.add_questionnaire, "Enquête", "enquete", "1", xform())


def xml(answers: Mapping[str, str], minutes: float = 20, start: datetime = START) -> str:
    """A submission of the form. References have no ``/data/`` before them."""
    moments = iter([start])
    form = Form.load(xform())
    root = form.definition.root.name
    run = Run(form, now=lambda: next(moments, start + timedelta(minutes=minutes)))
    for ref, text in answers.items():
        while ref.startswith("member[") and int(ref[7]) > rows(run, root):
            run.add(f"/{root}/member")
        run.set(f"/{root}/{ref}", text)
    return run.finalise()


def rows(run: Run, root: str) -> int:
    return len(run.root.kids[run.form.definition.nodes[f"/{root}/member"].place])


def fill(
    store: Store,
    form: str,
    answers: Mapping[str, str],
    links: Mapping[str, str] | None = None,
    minutes: float = 20,
    finished: str = "",
) -> str:
    """Finish an interview; returns the submission's id."""
    made = xml(answers, minutes)
    instance = made.partition("<instanceID>")[2].partition("<")[0]
    id = store.write(submissions.finalise, form, made, instance, links or {})
    if finished:
        store.write(records.save, "submission", id, {"finished": finished})
    return id
