"""Settings: key, type, default and label, declared once.

They hold no personal data: they are read before anybody has logged in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from migdesk.i18n import N_, Text
from migdesk.paths import write_whole

T = TypeVar("T", bool, int, str)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `choices` (value → label) makes it a closed list on the page;
    a setting without a label is remembered state, not shown on the page. `tab` is the key
    of the page's tab where it is shown."""

    key: str
    default: T
    label: Text | None = None
    choices: tuple[tuple[T, Text], ...] = ()
    low: int = 0
    high: int = 0
    tab: str = "computer"


LANGUAGE = Setting("language", "", N_("Language"))
THEME = Setting(
    "theme",
    "system",
    N_("Appearance"),
    choices=(
        ("system", N_("Same as the computer")),
        ("light", N_("Light")),
        ("dark", N_("Dark")),
        ("contrast", N_("High contrast")),
    ),
)
TEXT_SIZE = Setting("text_size", 100, N_("Text size (%)"), low=90, high=160)
LOCK_MINUTES = Setting("lock_minutes", 10, N_("Lock after (minutes)"), low=1, high=120)
CURRENCY = Setting("currency", "XOF", N_("Usual currency"))
COUNTRY = Setting("country", "SN", N_("Country of the office"))
EXCHANGE_FOLDER = Setting("exchange_folder", "")
BACKUP_EVERY = Setting(
    "backup_every",
    0,
    N_("Back up"),
    choices=(
        (0, N_("Each time MigDesk is closed")),
        (24, N_("Every day")),
        (8, N_("Every 8 hours")),
        (4, N_("Every 4 hours")),
        (1, N_("Every hour")),
    ),
    tab="backups",
)
BACKUP_DAYS = Setting(
    "backup_days", 7, N_("Keep a backup of each of the last (days)"), low=2, high=60,
    tab="backups",
)
BACKUP_SECOND = Setting("backup_second", "")
CARRIER_MINUTES = Setting(
    "carrier_minutes", 15, N_("Exchange by itself every (minutes; 0: never)"), low=0, high=1440
)
WINDOW = Setting("window", "")

ALL: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    TEXT_SIZE,
    LOCK_MINUTES,
    CURRENCY,
    COUNTRY,
    EXCHANGE_FOLDER,
    CARRIER_MINUTES,
    BACKUP_EVERY,
    BACKUP_DAYS,
    BACKUP_SECOND,
    WINDOW,
)


class Settings:
    """Values of settings, kept in one small JSON file; a broken file means defaults."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        if path is not None and path.exists():
            try:
                read = json.loads(path.read_text("utf-8"))
            except (OSError, ValueError):
                read = {}
            if isinstance(read, dict):
                self._values = read

    def get(self, setting: Setting[T]) -> T:
        """Value in force; one of the wrong type counts as absent."""
        value = self._values.get(setting.key, setting.default)
        return value if isinstance(value, type(setting.default)) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember `value` at once."""
        self._values[setting.key] = value
        self._save()

    def state(self, key: str) -> str:
        """Remembered state of a screen (column widths, last tab), "" if none."""
        return str(self._values.get(f"state.{key}", ""))

    def remember(self, key: str, value: str) -> None:
        """Keep the state of a screen."""
        if self._values.get(f"state.{key}") != value:
            self._values[f"state.{key}"] = value
            self._save()

    def _save(self) -> None:
        if self._path is not None:
            write_whole(self._path, json.dumps(self._values, indent=1).encode())
