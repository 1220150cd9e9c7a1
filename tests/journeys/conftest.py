"""One ground for each module of journeys, searched when all of its journeys have ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.journeys.counter import Agent
from tests.journeys.ground import Ground


@pytest.fixture(scope="module", autouse=True)
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The folder of the journeys of a module; at their end not a word about anybody lies
    there in clear."""
    made = Ground(tmp_path_factory.mktemp("ground"))
    with pytest.MonkeyPatch.context() as patch:
        made.settle_in(patch)
        yield made
    made.search()


@pytest.fixture
def agent(
    request: pytest.FixtureRequest, qapp: QApplication, ground: Ground
) -> Iterator[Agent]:
    """Somebody at the counter of an office that is not founded yet."""
    made = Agent(ground.folder / request.node.name, ground)
    made.papers = ground.open
    yield made
    if made.program.desk is not None:
        made.close()
