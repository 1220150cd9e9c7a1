"""The demonstration shows the help desk at work, and goes as it came."""

from __future__ import annotations

from datetime import date

import pytest

from migdesk.models.store import Store
from migdesk.services import demo, dues, freshness, match_rows, records
from migdesk.services.views import Query


@pytest.fixture
def shown(store: Store) -> Store:
    from migdesk.jobs.questionnaires import install_built_in
    from migdesk.task import Task

    install_built_in(store, Task())
    store.write(demo.add)
    return store


def test_matches_dates_and_what_is_old(shown: Store) -> None:
    (farm,) = shown.read(records.list_page, "case", Query(text="volailles")).rows
    windows = {m.title: m for m in shown.read(match_rows.windows, farm.id).rows}
    credit = windows["Crédit élevage et maraîchage"]
    women = windows["Appui aux femmes entrepreneures"]
    assert not credit.fit.unmet and credit.begun and not women.fit.unmet
    assert windows["Ligne jeunes ruraux"].fit.unmet
    (need,) = shown.read(records.list_page, "need", Query()).rows
    assert len(shown.read(match_rows.people, need.id).rows) == 1
    kept = shown.read(dues.due, date.today())
    assert [k.kind for k in kept] == ["referral", "application"] and kept[0].days == -6
    assert {s.kind for s in shown.read(freshness.stale, date.today())} == {"window", "service"}
    shown.write(demo.remove)
    for kind in ("window", "service", "need", "referral", "application", "skill"):
        assert shown.read(records.count, kind, Query()) == 0
