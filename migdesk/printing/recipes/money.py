"""Documents of finding money, remittances and savings."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
