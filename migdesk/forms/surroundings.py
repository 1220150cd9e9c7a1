"""What expressions may ask that is no answer: clock, chance, language, device."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from migdesk.forms.attached import item_of
from migdesk.forms.definition import LAST_SAVED, Item, Node, TextRef
from migdesk.forms.form import Form
from migdesk.forms.xml import parse_xml

_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)\)\s*\Z")


def plain_property(name: str) -> str:
    """Older forms write ``uri:deviceid`` and ``phone number``."""
    return name.removeprefix("uri:").replace(" ", "").lower()


def _nowhere() -> str:
    """A computer without a receiver does not know where it is."""
    return ""


def _record(xml: str) -> Item:
    """A saved record, for `instance('__last-saved')`."""
    top = Item("", "", None)
    top.children = [item_of(parse_xml(xml), top)]
    return top


class LocalZone(tzinfo):
    """The zone of the computer, with the offset that each moment had there (the summer's in
    summer). What `astimezone()` gives knows one offset only."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        there = (dt or datetime.now()).replace(tzinfo=None).astimezone()
        return there.utcoffset() or timedelta(0)

    def dst(self, dt: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        return "local"

    def fromutc(self, dt: datetime) -> datetime:
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def local_now() -> datetime:
    """Now, in the zone of the computer."""
    return datetime.now(LocalZone())


class Surroundings:
    """The `Environment` of one run. `label_of` is lent by the run, which knows choices;
    `location` tells where the computer is (``lat lon alt acc``), blank if it does not know;
    `last_saved` is the XML of the record of this form that was saved last."""

    def __init__(
        self,
        form: Form,
        now: Callable[[], datetime] | None,
        properties: Mapping[str, str] | None,
        rng: random.Random | None,
        label_of: Callable[[Node, Any, str], str],
        location: Callable[[], str] | None = None,
        last_saved: str | None = None,
    ) -> None:
        self._form = form
        given = (properties or {}).items()
        self._properties = {plain_property(name): text for name, text in given}
        self._rng = rng or random.SystemRandom()
        self.now = now or local_now
        self.random = self._rng.random
        self.choice_label = label_of
        self.seed = float(self._rng.getrandbits(30) + 1)
        self.language = form.default_language
        self.location = location or _nowhere
        self._last_saved = _record(last_saved) if last_saved else LAST_SAVED

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def property(self, name: str) -> str:
        return self._properties.get(plain_property(name), "")

    def itext(self, text_id: str) -> str:
        """Fixed words of a text; values shown in it are left out."""
        parts = self._form.parts(TextRef(itext=text_id), self.language)
        return "".join(part for part in parts if isinstance(part, str))

    def last_saved(self) -> Item:
        """The record of this form that was saved last; without answers where there is none."""
        return self._last_saved

    def locale(self) -> str:
        """Language code in brackets, as designers write it: ``Français (fr)``."""
        found = _CODE.search(self.language)
        return found[1] if found else "en"
