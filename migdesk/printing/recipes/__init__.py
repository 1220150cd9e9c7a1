"""The documents that are recipes, by name; a new one is one entry in the file of its part."""

from __future__ import annotations

from . import accompany, money, protect, receive, refer, returnees, skills
from .parts import (
    Advice,
    Counts,
    Facts,
    Lines,
    Made,
    Part,
    Recipe,
    Roll,
    Sign,
    Sums,
    Ticks,
    Told,
    Words,
    Write,
)

RECIPES: dict[str, Recipe] = {
    **receive.RECIPES,
    **accompany.RECIPES,
    **money.RECIPES,
    **skills.RECIPES,
    **refer.RECIPES,
    **returnees.RECIPES,
    **protect.RECIPES,
}

__all__ = [
    "RECIPES",
    "Advice",
    "Counts",
    "Facts",
    "Lines",
    "Made",
    "Part",
    "Recipe",
    "Roll",
    "Sign",
    "Sums",
    "Ticks",
    "Told",
    "Words",
    "Write",
]
