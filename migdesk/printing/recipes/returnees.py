"""Documents of returnees and families."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
