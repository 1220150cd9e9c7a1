"""Documents of consent and protection that are no recipes, by name."""

from __future__ import annotations

from . import notices, retention, subject_access

PROTECTION_FILLERS = {
    **notices.FILLERS,
    **retention.FILLERS,
    **subject_access.FILLERS,
}
