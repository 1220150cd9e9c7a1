"""Telephones and e-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from migdesk.i18n import N_

from .base import BadValue, Kind
from .home import HOME


@dataclass(frozen=True)
class Phone(Kind):
    """Telephone number, stored in E.164 when it is valid, else as typed.

    A number that we cannot parse is kept: a wrong note is better than a lost one.
    """

    name = "phone"

    def parse(self, typed: str) -> Any:
        import phonenumbers

        text = Kind.parse(self, typed)
        if not text:
            return None
        if not re.search(r"\d{3}", re.sub(r"\D", "", text)):
            raise BadValue(N_("A telephone number is expected, for example 77 123 45 67."))
        try:
            number = phonenumbers.parse(text, HOME.country)
        except phonenumbers.NumberParseException:
            return text
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return text

    def show(self, value: Any) -> str:
        # A number that is no valid one was stored as typed.
        if not value or not re.fullmatch(r"\+\d{7,15}", value):
            return value or ""
        import phonenumbers

        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return str(value)
        home = phonenumbers.region_code_for_number(number) == HOME.country
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)

    def words(self, value: Any) -> list[str]:
        digits = re.sub(r"\D", "", str(value or ""))
        return [digits, digits[-9:], digits[-7:], digits[-4:]] if digits else []


@dataclass(frozen=True)
class Email(Kind):
    """E-mail address."""

    name = "email"

    def parse(self, typed: str) -> Any:
        text = Kind.parse(self, typed)
        if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
            raise BadValue(N_("An e-mail address is expected, for example name@example.org."))
        return text
