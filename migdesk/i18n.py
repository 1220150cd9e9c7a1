"""Words a person reads: marked now, translated when shown.

``_`` and ``ngettext`` translate at once, inside functions. ``N_`` marks words in
declarations; the result is a :class:`Text`, a lazy string whose named gaps are
filled when it is shown. The language is a process-wide setting (`use`), because
one program has one screen; documents pass their own language explicitly.
"""

from __future__ import annotations

import gettext as _gettext
import locale as _locale
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = {
    "fr": "Français",
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "pt": "Português",
    "ro": "Română",
}
RIGHT_TO_LEFT = frozenset({"ar"})

_default = "en"
_here: ContextVar[str | None] = ContextVar("language", default=None)


def _catalogue_dir() -> Path:
    inside = Path(__file__).parent / "_data" / "translations"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "translations"


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(
        "migdesk", str(_catalogue_dir()), languages=[language], fallback=True
    )


def use(language: str) -> None:
    """Set the language of the screen; an unknown one becomes English."""
    global _default
    _default = language if language in LANGUAGES else "en"


def language() -> str:
    """Code of the language in force here."""
    return _here.get() or _default


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Translate into `code` inside the block (a document in another language)."""
    token = _here.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _here.reset(token)


def system_language() -> str:
    """Language of the computer, if we speak it; else French, our first public."""
    # What the person set, even where the system lacks that locale; Windows sets none.
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = (named or _locale.getlocale()[0] or "")[:2].lower()
    return code if code in LANGUAGES else "fr"


def _(message: str) -> str:
    """Translate now."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a plural now; gaps are filled by the caller with ``.format(n=…)``."""
    return _catalogue(language()).ngettext(one, many, n)


def said_of(name: object, words: object) -> str:
    """A name and what is said of it, parted as the language parts them."""
    return _("{name}: {text}").format(name=name, text=words)


@dataclass(frozen=True)
class Text:
    """Words marked now and translated when shown. ``str(text)`` translates."""

    message: str
    gaps: dict[str, Any] = field(default_factory=dict, compare=False)
    translate: Callable[[str], str] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        words = (self.translate or _)(self.message)
        if not self.gaps:
            return words
        try:
            return words.format(**self.gaps)
        except (KeyError, IndexError, ValueError):
            return self.message.format(**self.gaps)

    def __call__(self, **gaps: Any) -> Text:
        """The same words with their gaps filled."""
        return Text(self.message, {**self.gaps, **gaps}, self.translate)

    def __hash__(self) -> int:
        return hash(self.message)


def N_(message: str) -> Text:
    """Mark words in a declaration; translated only when shown."""
    return Text(message)
