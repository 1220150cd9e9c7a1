"""The short stories of the model, each for itself; `make mutants` needs them sound."""

from __future__ import annotations

import pytest

from tests.exchange.directed import STORIES
from tests.exchange.model import OneOffice
from tests.exchange.office import an_office
from tests.exchange.story import play


@pytest.fixture(scope="module", autouse=True)
def _an_office(tmp_path_factory: pytest.TempPathFactory) -> None:
    OneOffice.start = an_office(tmp_path_factory.mktemp("directed") / "start")


@pytest.mark.soak
@pytest.mark.parametrize("name", STORIES)
def test_a_short_story(name: str) -> None:
    play(STORIES[name])
