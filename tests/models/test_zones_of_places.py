"""Which hour it is where somebody lives, as far as a country or a town tells."""

from __future__ import annotations

import pytest

from migdesk.i18n import speaking
from migdesk.models.kinds import zone_there


@pytest.mark.parametrize(
    ("country", "place", "zone"),
    [
        ("FR", "", "Europe/Paris"),
        ("FR", "Lyon", "Europe/Paris"),
        ("ES", "", "Europe/Madrid"),
        ("ES", "Barcelone", "Europe/Madrid"),
        ("US", "", ""),
        ("US", "Chicago", "America/Chicago"),
        ("US", "new york", "America/New_York"),
        ("US", "Paris", ""),
        ("", "Paris", ""),
    ],
)
def test_the_zone_of_a_place(country: str, place: str, zone: str) -> None:
    assert zone_there(country, place) == zone


def test_towns_are_known_in_the_language_in_force() -> None:
    with speaking("fr"):
        assert zone_there("CA", "Edmonton") == "America/Edmonton"
        assert zone_there("BR", "Manaus") == "America/Manaus"
