"""One ground for each module of journeys, searched when all of its journeys have ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
