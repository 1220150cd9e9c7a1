"""An invented West African register with the errors of real ones, the same at each run.

Family names by region of Senegal and of its neighbours with falling frequencies, given names
by sex, villages, years of birth heaped on round ones, first of January for who knows only the
year, telephones shared in families. Families are families: brothers, twins, a father and a
son of one name, wives under the name of their own father. Some people come again, months or
years later: spelled by another ear, with names swapped, day and month swapped, a digit wrong,
another telephone, an age remembered, a short form, nothing but what they say that day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

FAMILIES = (
    "Ndiaye Diop Diallo Fall Ba Sow Gueye Diouf Faye Sarr Seck Sy Mbaye Cissé Ndour Thiam "
    "Diagne Camara Niang Kane Diatta Sané Mané Badji Sagna Coly Mendy Gomis Sambou Diedhiou "
    "Goudiaby Bodian Baldé Barry Bah Sidibé Traoré Touré Keita Coulibaly Dembélé Konaté Kanté "
    "Diarra Doumbia Sissoko Cissokho Sonko Jammeh Ceesay Drammeh Fofana Dramé Diaby Sylla "
    "Soumaré Gassama Tamba Biaye Biagui Manga Tendeng Ndione Ndoye Samb Dieng Wade Ly Lô Mbow "
    "Mbodj Mbengue Ndao Senghor Sène Ngom Thiaw Thior Diémé Djiba Dabo Danso Kébé Kassé Tall "
    "Wane Anne Deme Agne Talla Guissé Dia Diao Kandé Mballo Sabaly Boiro Seydi Mansaly"
).split()
MALE = (
    "Mamadou Moussa Ibrahima Ousmane Abdoulaye Cheikh Modou Oumar Amadou Souleymane Boubacar "
    "Alioune Lamine Moustapha Babacar Samba Malick Idrissa Youssouf Seydou Demba Pape Assane "
    "Saliou Adama Ismaïla Aliou Bakary Famara Sékou Landing Ansou Ibou Bassirou Mor Serigne "
    "Gora Khadim Mbaye Elhadji Arona Yaya Thierno Alpha Sidy Bocar Hamady Yoro Tidiane Habib"
).split()
FEMALE = (
    "Fatou Aminata Awa Mariama Aïssatou Khady Ndèye Bintou Fatoumata Coumba Astou Rokhaya "
    "Sokhna Ramatoulaye Kadiatou Salimata Dieynaba Nafissatou Penda Yacine Mame Adama Binta "
    "Maïmouna Oumou Khadidiatou Seynabou Marième Adja Nogaye Arame Ndeye Safiétou Sira Kadia "
    "Tening Mossane Diariatou Hawa Houleye Coumba Ngoné Maty Absa Rama Sadio Fanta Djenaba"
).split()
SECOND = "Bintou Lamine Fatou Moussa Demba Mame Adama Samba Khady Alioune Aminata Omar".split()
VILLAGES = [f"v{n:03d}" for n in range(240)]
TOWNS = (
    "Sédhiou Kolda Dakar Thiès Ziguinchor Pikine Guédiawaye Rufisque Paris Montreuil Lyon "
    "Milano Madrid Almería Lisboa Bordeaux Marseille Bamako Banjul Nouakchott Casablanca"
).split()
SPELLINGS = (
    ("Ndi", "N'Di"), ("Ndiaye", "Njie"), ("Ndiaye", "Ndjaye"), ("Diall", "Djall"),
    ("Diallo", "Jallow"), ("Diop", "Diope"), ("Ciss", "Siss"), ("Cissé", "Ceesay"),
    ("Thiam", "Tiam"), ("ou", "u"), ("Gu", "Gh"), ("Di", "Dj"), ("Kh", "X"), ("Th", "Ti"),
    ("é", "e"), ("è", "e"), ("ï", "i"), ("ss", "s"), ("ll", "l"), ("mm", "m"), ("aye", "ay"),
    ("ye", "ie"), ("Sy", "Si"), ("ck", "kh"), ("k", "c"), ("B", "Mb"), ("w", "ou"),
    ("dj", "dji"), ("o", "ow"), ("Sané", "Sanneh"), ("Touré", "Turay"), ("ph", "f"),
)  # fmt: skip
"""What another ear writes."""
SHORT = {
    "Mamadou": "Modou Mohamed Mouhamadou", "Fatoumata": "Fatou", "Ibrahima": "Ibou Ibrahim",
    "Abdoulaye": "Abdou Ablaye", "Khadidiatou": "Khady", "Aïssatou": "Astou Aïcha",
    "Boubacar": "Bouba Aboubacar", "Souleymane": "Souley", "Moustapha": "Tapha",
    "Ousmane": "Ous", "Mariama": "Mariam Marie", "Ramatoulaye": "Rama", "Aliou": "Ali",
    "Aminata": "Ami", "Amadou": "Ahmadou", "Elhadji": "Ladji", "Salimata": "Sali",
    "Rokhaya": "Rokhy", "Cheikh": "Cheick Sheikh", "Youssouf": "Youssou Issouf",
}  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Register:
    """Rows as the program holds them, and the numbers of those that are one person."""

    rows: list[Row]
    same: set[tuple[int, int]]


def register(count: int, seed: int = 7, again: float = 0.12) -> Register:
    """`count` rows, of which that share are people who are here already."""
    chance = random.Random(seed)
    people = _people(chance)
    rows: list[tuple[int, Row]] = []
    number = 0
    while len(rows) < count:
        person = next(people)
        rows.append((number, person))
        while chance.random() < again and len(rows) < count:
            rows.append((number, _again(chance, person)))
        number += 1
    chance.shuffle(rows)
    seen: dict[int, list[int]] = {}
    same: set[tuple[int, int]] = set()
    for at, (who, _row) in enumerate(rows):
        same |= {(other, at) for other in seen.get(who, ())}
        seen.setdefault(who, []).append(at)
    return Register([row for _who, row in rows], same)


def _weighted(chance: random.Random, names: list[str], flat: float = 4) -> str:
    return chance.choices(names, [1 / (n + flat) for n in range(len(names))])[0]


def _people(chance: random.Random) -> Iterator[Row]:
    """One family after another; of each, those who came to the office."""
    while True:
        family, village = _weighted(chance, FAMILIES), chance.choice(VILLAGES)
        phone, town = _phone(chance), _weighted(chance, TOWNS)
        father = chance.randint(1940, 1980)
        said: list[Row] = []
        for _n in range(chance.choice((1, 1, 1, 2, 2, 3))):
            sex = chance.choice(("female", "male"))
            born = _birth(chance, chance.randint(father - 5, min(father + 45, 2007)))
            if said and chance.random() < 0.06:
                born = said[-1]["birth"]  # twins
            shared = chance.random() < 0.3
            row: Row = {
                "given_name": _given(chance, sex),
                "family_name": family if chance.random() < 0.8 else _weighted(chance, FAMILIES),
                "sex": sex,
                "birth": born,
                "origin": village if chance.random() < 0.85 else chance.choice(VILLAGES),
                "residence": town if shared else _weighted(chance, TOWNS),
                "phone": phone if shared else _phone(chance),
            }
            if said and sex == said[0]["sex"] and chance.random() < 0.04:
                row["given_name"] = said[0]["given_name"]  # called after an elder
            for name in ("birth", "origin", "phone", "residence"):
                if chance.random() < 0.12:
                    row[name] = None
            said.append(row)
        yield from said


def _given(chance: random.Random, sex: str) -> str:
    name = _weighted(chance, FEMALE if sex == "female" else MALE)
    return f"{name} {chance.choice(SECOND)}" if chance.random() < 0.15 else name


def _phone(chance: random.Random) -> str:
    return f"+22177{chance.randint(0, 9_999_999):07d}"


def _birth(chance: random.Random, year: int) -> str:
    kind = chance.random()
    if kind < 0.25:
        return f"{year}"
    if kind < 0.35:
        return f"{year - year % 5}~"
    if kind < 0.50:
        return f"{year}-01-01"
    return f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


# coming again ---------------------------------------------------------------------


def _again(chance: random.Random, person: Row) -> Row:
    row = dict(person)
    for share, change in _CHANGES:
        if chance.random() < share:
            change(chance, row)
    return row


def _spelled(chance: random.Random, row: Row) -> None:
    name = chance.choice(("given_name", "family_name"))
    fits = [pair for pair in SPELLINGS if pair[0] in row[name] or pair[1] in row[name]]
    for one, two in chance.sample(fits, min(len(fits), chance.choice((1, 1, 2)))):
        there, by = (one, two) if one in row[name] else (two, one)
        row[name] = row[name].replace(there, by, 1)


def _called(chance: random.Random, row: Row) -> None:
    first, gap, rest = row["given_name"].partition(" ")
    if first in SHORT:
        row["given_name"] = f"{chance.choice(SHORT[first].split())}{gap}{rest}"


def _second(chance: random.Random, row: Row) -> None:
    first, gap, _rest = row["given_name"].partition(" ")
    row["given_name"] = first if gap else f"{first} {chance.choice(SECOND)}"


def _swapped(_chance: random.Random, row: Row) -> None:
    row["given_name"], row["family_name"] = row["family_name"], row["given_name"]


def _married(chance: random.Random, row: Row) -> None:
    if row["sex"] == "female":
        row["family_name"] = _weighted(chance, FAMILIES)


def _mistyped(chance: random.Random, row: Row) -> None:
    name = chance.choice(("given_name", "family_name"))
    row[name] = _typo(chance, row[name], "abdeiklmnorstu")


def _typo(chance: random.Random, text: str, letters: str) -> str:
    at = chance.randrange(len(text))
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :] or text
    if kind == 1:
        return text[:at] + chance.choice(letters) + text[at:]
    if kind == 2 or at + 1 >= len(text):
        return text[:at] + chance.choice(letters) + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _birth_again(chance: random.Random, row: Row) -> None:
    birth = row["birth"]
    if not birth:
        return
    year, month, day = int(birth[:4]), birth[5:7], birth[8:10]
    kind = chance.random()
    if kind < 0.35:
        row["birth"] = f"{year + chance.choice((-2, -1, 0, 0, 1, 2))}~"
    elif kind < 0.55:
        row["birth"] = f"{year}"
    elif kind < 0.70 and day and int(day) <= 12:
        row["birth"] = f"{year}-{day}-{month}"
    elif kind < 0.85 and day:
        row["birth"] = f"{year}-{month}-{1 + (int(day) + 9) % 28:02d}"
    else:
        row["birth"] = f"{year + chance.choice((-10, -3, 3, 10))}{birth[4:]}"


def _phone_again(chance: random.Random, row: Row) -> None:
    kind = chance.random()
    if kind < 0.15 and row["phone"]:
        at = chance.randint(6, 12)
        row["phone"] = row["phone"][:at] + chance.choice("0123456789") + row["phone"][at + 1 :]
    else:
        row["phone"] = _phone(chance) if kind < 0.7 else None


def _moved(chance: random.Random, row: Row) -> None:
    row["residence"] = _weighted(chance, TOWNS)


def _origin_again(chance: random.Random, row: Row) -> None:
    row["origin"] = chance.choice((None, None, chance.choice(VILLAGES)))


_CHANGES: tuple[tuple[float, Callable[[random.Random, Row], None]], ...] = (
    (0.30, _spelled),
    (0.12, _called),
    (0.08, _second),
    (0.02, _married),
    (0.12, _mistyped),
    (0.06, _swapped),
    (0.35, _birth_again),
    (0.45, _phone_again),
    (0.40, _moved),
    (0.20, _origin_again),
)
"""How often each of these happens to who comes again: judgement, from what desks report."""
