"""How names sound, whatever letters and habits they were written with.

Our own rules, from the romanisations met in Senegal, The Gambia, Mali, Guinea (Ndiaye,
N'Diaye, Njaay, Njie; Diallo, Jallow), in the Maghreb (Mohamed, Muhammad; Ben Ali, Benali;
Khadija, 5adija) and in Moldova (Țurcan, Turcan, Цуркан; Alexandru, Aleksandr). Letters:
ISO 9 with the habits of Moldovan passports for Cyrillic, the consonants of UNGEGN's
romanisation for Arabic.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CYRILLIC = {
    **dict(zip("абвгґдеєзийіїклмнопрстуфхы", "abvggdeeziiiiklmnoprstufhi", strict=True)),
    **{"ж": "j", "ц": "t", "ч": "ci", "ш": "sh", "щ": "sh", "э": "e", "ю": "iu", "я": "ia"},
    **{"ъ": "", "ь": "", "ё": "e", "ӂ": "gi", "ћ": "c", "ђ": "dj"},
}
_ARABIC = {
    **dict(zip("ابتجدرزسصضطعفقكلمنوية", "abtjdrzssdtafqklmnuia", strict=True)),
    **{"ث": "th", "ح": "h", "خ": "kh", "ذ": "d", "ش": "ch", "ظ": "z", "غ": "gh", "ه": "h"},
    **{"ء": "", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ؤ": "u", "ئ": "i", "ـ": ""},
}
_LATIN = str.maketrans({**_CYRILLIC, **_ARABIC})
_SOFT = re.compile("ч(?=[еиіэ])")
_CHAT = str.maketrans({"2": "", "3": "a", "5": "kh", "7": "h", "9": "k"})
_CHATTED = re.compile("[a-z]*[23579]?[a-z]+[23579]?[a-z]*", re.ASCII)
"""Arabic typed on a telephone: digits stand for letters that Latin lacks."""

_MOHAMED = re.compile(
    "m(?:o|u|a|ou)?h?a?mm?[aeou]+d[aeiou]*|mhmd|mohamm?adou|mouhamadou|mahamadou|momodou|modou|mamad"
)
_RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"t[sz]", "t"),
        (r"^x(?=[aeou])", "k"),
        (r"dj|di(?=[aeou])|gi(?=[aeou])|dy(?=[aeou])|j", "J"),
        (r"tch|th?i(?=[aeou])|ty(?=[aeou])|sch|sh|ch|c(?=aa|oo|uu)", "C"),
        (r"c(?=[eiy])|ks|cs|[zx]", "s"),
        (r"kh|q|ck|c", "k"),
        (r"gu(?=[ei])", "g"),
        (r"ph", "f"),
        (r"ou|w|oo", "u"),
        (r"y|ie|ee", "i"),
        (r"h", ""),
        (r"v", "b"),
        (r"(.)\1+", r"\1"),
    )
)
_ENDS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?<=.)[aeiou]", ""),
        (r"^[aeiou]", "a"),
        (r"d$", "t"),
        (r"b$", "p"),
    )
)


def latin(word: str) -> str:
    """A folded word in the letters a to z, as far as we know them."""
    if word.isascii():
        return word
    return _SOFT.sub("c", word).translate(_LATIN)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Sound key of a folded word: consonants, written the same for other spellings.

    A name of one consonant keeps its vowels: Sow is not Sy. Words in letters that we do not
    know, or too short to be sure, have no key.
    """
    word = latin(word)
    if not word.isalpha() and len(word) > 3 and _CHATTED.fullmatch(word):
        word = word.translate(_CHAT)
    if len(word) < 2 or not word.isascii() or not word.isalpha():
        return ""
    if _MOHAMED.fullmatch(word):
        return "mmt"
    key = word
    for pattern, by in _RULES:
        key = pattern.sub(by, key)
    bare = key
    for pattern, by in _ENDS:
        bare = pattern.sub(by, bare)
    return (bare if len(bare) > 1 else key).lower()


PARTICLES = frozenset(
    "al el ul es ech ben bin ibn bent bint ould ou de da di du des le la dos van von".split()
)
"""Words that stand before a name or are left out."""

_CALLED = """
fatou fatoumata fatima fatimata fatma faty fatim
aminata ami amy mina aminatou
aissatou aissata aicha aissa astou aida aisha
khadija khady khadidja khadidiatou kadiatou kadia khadijatou kadidia
mariama mariam marieme meriem mariem maryam mariame
ramatoulaye rama ramata rahma
rokhaya rokhy rouguiatou rougui rokia rokiatou rokhiatou
ndeye ndey ndeya
salimata sali salimatou salma
oumou oumoul oumy
coumba kumba
mohamed mamadou modou mouhamed mohammed
abdoulaye abdou ablaye laye abdoul abdallah abdullah
ibrahima ibrahim ibou brahim brahima ibra
ousmane ousman ous usman osman othmane
cheikh sheikh seex cheick cheikhou
boubacar babacar bouba aboubacar boubakar boubou bubacarr
souleymane souley suleiman soulaymane slimane sulayman
moustapha mustafa tapha mustapha
amadou ahmadou ahmed ahmet ahmad hamadou
youssouf youssou yusuf youssef issouf yusupha
oumar omar umar oumarou
seydou saidou said saidu
alioune aliou ali alieu
ismaila ismael ismail samaila
moussa musa mousa
idrissa driss idriss idris
abderrahmane abdourahmane dourahmane abdurahman abderahim
elhadji elhadj alhaji ladji elhaj
ion ioan ivan vania ionel
gheorghe george iurie iuri yuri gheorghi ghita
mihail mihai mikhail misha mihaela
nicolae nikolai nicolai kolea nicu
vasile vasili vasilii vasea
alexandru alexandr aleksandr sasha sandu alexander
dumitru dmitri dima mitea
stefan stepan fane
petru piotr petrica petea
serghei sergiu serghey sergiy serioja
eugen evghenii evgheni jenea eugeniu
andrei andrey andriy andriesh
constantin costea konstantin costica
elena lena ileana alena
ecaterina ekaterina catea katya caterina
natalia natasha natalya
tatiana tanea tania
ludmila liudmila liuda lyudmila
svetlana sveta
galina galea
valentina valea
"""


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _CALLED.split("\n"):
        keys = tuple(dict.fromkeys(filter(None, map(sound, line.split()))))
        for key in keys:
            found.setdefault(key, keys)
    return found


def called(key: str) -> tuple[str, ...]:
    """Sound keys of the forms that one given name is known in, this one among them: who is
    called Fatoumata is Fatou to everybody."""
    return _groups().get(key, (key,))
