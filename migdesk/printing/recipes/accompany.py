"""Documents of accompanying a project."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
