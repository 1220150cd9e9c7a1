"""Documents of skills, jobs and training."""

from .parts import Recipe

RECIPES: dict[str, Recipe] = {}
