"""What the words typed in the search mean for the form that registers a person."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"\+?[\d().-]*\d[\d().-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Frequent family names between Dakar, Banjul and Bissau, as folded words: when one of them
# comes first, the search began with the family name.
_FREQUENT = (
    "ba badji bah balde bathily bojang camara ceesay cisse cissokho coly conteh coulibaly "
    "dabo darboe demba dembele dia diaby diagne diakhate diallo diarra diatta diaw "
    "diawara diba diedhiou dieme dieng diop diouf djiba drame drammeh fall fatty faty "
    "fofana gassama gaye gomes gomis goudiaby gueye jallow jammeh jarju jatta jawara "
    "jobarteh jobe kah kamara kande kane kante keita konate konte ly mane manga mballo "
    "mbaye mbengue mbodj mendy n'diaye ndao ndaw ndiaye ndour ndoye niang niasse njie "
    "sabaly sadio sagna sakho sall samate sambou sane sanneh sarr seck sene seydi seye "
    "sidibe sissoko sonko sow sowe suso sy sylla tall tamba thiam thior tine touray toure "
    "traore wade wane yade"
)
_FAMILIES = frozenset(_FREQUENT.split())
_PARTICLES = frozenset({"de", "da", "dos", "el", "al", "ben", "ibn", "van", "ould", "mint"})


def meant(typed: str) -> dict[str, str]:
    """Fields of a person that the search words fill, as typed text: `phone`, `birth`,
    `family_name`, `given_name`.

    Six digits or more are a telephone, a year alone is a year of birth. A family name is
    what stands before a comma, or the words in capitals, or a first word that is a frequent
    family name while the last is none, or else the last word with the particles before it;
    a single word is a family name. The person at the screen sees the guess and can swap.
    """
    parts = typed.split()
    numbers = [p for p in parts if _NUMBER.fullmatch(p)]
    found: dict[str, str] = {}
    if len(numbers) == 1 and _YEAR.fullmatch(numbers[0]):
        found["birth"] = numbers[0]
    elif sum(c.isdigit() for p in numbers for c in p) >= 6:
        found["phone"] = " ".join(numbers)
    family, given = _names(" ".join(p for p in parts if not any(c.isdigit() for c in p)))
    return found | {
        name: text for name, text in (("family_name", family), ("given_name", given)) if text
    }


def _names(words: str) -> tuple[str, str]:
    if "," in words:
        family, _comma, given = words.partition(",")
        return _named(family.split()), _named(given.split())
    parts = words.split()
    capitals = [p for p in parts if len(p) > 1 and p.isupper()]
    if capitals and len(capitals) < len(parts):
        return _named(capitals), _named([p for p in parts if p not in capitals])
    if len(parts) > 1 and _is_family(parts[0]) and not _is_family(parts[-1]):
        return _named(parts[:1]), _named(parts[1:])
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in _PARTICLES:
        start -= 1
    return _named(parts[start:]), _named(parts[:start])


def _is_family(word: str) -> bool:
    split = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(c for c in split if not unicodedata.combining(c)) in _FAMILIES


def _named(parts: list[str]) -> str:
    """Words written as names are, unless somebody chose capitals inside (N'Diaye)."""
    return " ".join(
        p if p.casefold() in _PARTICLES or not (p.islower() or p.isupper()) else _capital(p)
        for p in parts
    )


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
