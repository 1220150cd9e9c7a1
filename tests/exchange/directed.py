"""Short stories for `model`, each told because chance seldom tells it."""

from __future__ import annotations

from typing import Final

from tests.exchange.story import Act

STORIES: Final[dict[str, list[Act]]] = {}
