"""Documents of consent and protection."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
