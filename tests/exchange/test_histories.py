"""The merge of one row says what the plain reference says."""

from __future__ import annotations

from tests.exchange.histories import examine


def test_chance_histories_of_one_row() -> None:
    for seed in range(300):
        examine(seed)
