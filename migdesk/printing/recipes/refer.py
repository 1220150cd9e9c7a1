"""Documents of referring and defending."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
