"""Telephones and e-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from migdesk.i18n import N_

from .base import BadValue, Kind
from .home import HOME

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


_WHOLE = re.compile(r"\+\d{7,15}", re.ASCII)


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
        whole = _parts(text) if _WHOLE.fullmatch(text) else None
        if whole is not None and phonenumbers.is_valid_number(whole[0]):
            return text  # as it is stored already: a form gives back what it was given
        try:
            number = phonenumbers.parse(text, HOME.country)
        except phonenumbers.NumberParseException:
            return text
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return text

    def show(self, value: Any) -> str:
        # A number that is no valid one was stored as typed.
        if not value or not _WHOLE.fullmatch(value):
            return value or ""
        import phonenumbers

        found = _parts(value)
        if found is None:
            return str(value)
        number, regions = found
        home = HOME.country in regions and (
            len(regions) == 1 or phonenumbers.region_code_for_number(number) == HOME.country
        )
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)

    def words(self, value: Any) -> list[str]:
        digits = str(value or "").removeprefix("+")
        if not (digits.isascii() and digits.isdigit()):
            digits = re.sub(r"\D", "", digits)
        return [digits, digits[-9:], digits[-7:], digits[-4:]] if digits else []


def _parts(value: str) -> tuple[PhoneNumber, tuple[str, ...]] | None:
    """A number in E.164 and the regions of its calling code; None if there is no such code.

    No calling code begins another (ITU-T E.164), so the digits say where it ends; the
    library's own parser spends ten times as long to find out what was typed.
    """
    import phonenumbers

    for end in (2, 3, 4):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(value[1:end]))
        if regions:
            rest = value[end:]
            zeros = len(rest) - len(rest.lstrip("0"))
            number = phonenumbers.PhoneNumber(
                country_code=int(value[1:end]),
                national_number=int(rest),
                italian_leading_zero=zeros > 0 or None,
                number_of_leading_zeros=zeros if zeros > 1 else None,
            )
            return number, regions
    return None


@dataclass(frozen=True)
class Email(Kind):
    """E-mail address."""

    name = "email"

    def parse(self, typed: str) -> Any:
        text = Kind.parse(self, typed)
        if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
            raise BadValue(N_("An e-mail address is expected, for example name@example.org."))
        return text
