"""How modules are loaded beside Qt."""

from __future__ import annotations

import builtins

import shiboken6  # noqa: F401  (puts a function of its own in the place of `__import__`)


def read_no_sources() -> None:
    """Python's own `__import__` again, in the place of that of Qt's binding, which reads the
    source of every module that is loaded, and keeps it, to find out whether it asks for names
    in snake case. Nobody here does; it took a third of the start, and 24 MB."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
