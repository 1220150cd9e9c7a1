"""The fields that an entity of a form may fill, and which of its properties means which.

Guessed from names and words, in our languages and in those of the form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from migdesk import codelists
from migdesk.forms.choices import Choice as Offered
from migdesk.i18n import N_, Text, speaking
from migdesk.models import RECORDS, Field
from migdesk.models.kinds import Attachment, BadValue, Boolean, Choice, find_code

LABEL = "label"
"""The label of an entity is mapped like a property, none of which may be called so."""
CONSENT = "consent:"
"""Before the purpose of a consent, in the place of a field."""
TARGETS = ("person", "household", "member", "organisation", "place")
NAMED = {"person": "family_name"}
"""Field that takes the label where no other gives a name; `name` for the others."""

_LISTS = {
    "person": "person people persons personne personnes gens migrant migrants migrante "
    "beneficiary beneficiaries beneficiaire beneficiaires respondent respondents returnee "
    "returnees individual individuals individu individus patient patients participant "
    "participants",
    "household": "household households house houses hh menage menages famille familles family "
    "families foyer foyers concession concessions",
    "member": "member members membre membres householdmember householdmembers kid kids child "
    "children enfant enfants",
    "organisation": "organisation organisations organization organizations association "
    "associations partner partners partenaire partenaires structure structures ngo ngos",
    "place": "place places village villages lieu lieux commune communes locality localities "
    "localite localites site sites",
}
_FIELDS = {
    "family_name": "nom nomdefamille surname lastname familyname",
    "given_name": "prenom prenoms firstname given givenname givennames",
    "aliases": "alias surnom nickname",
    "sex": "sexe gender genre",
    "birth": "age dob birthdate dateofbirth naissance datedenaissance yearofbirth birthyear "
    "anneedenaissance agecalc",
    "phone": "tel telephone mobile phonenumber portable numero contact",
    "phone_2": "tel2 telephone2 phone2",
    "email": "mail courriel",
    "origin": "village commune villageorigin origine communeorigine villageorigine",
    "place": "village commune localite locality lieu",
    "residence": "ville town city adresse address lieuderesidence",
    "residence_country": "paysderesidence countryofresidence pays country",
    "nationality": "nationalite",
    "education": "niveauetude niveauetudes instruction schooling niveau",
    "occupation": "metier profession job work activite",
    "relation": "lien parente relationship liendeparente",
    "household": "menage hh householdid",
    "person": "personid personne",
    "head": "chef headofhousehold chefdemenage",
    "name": "nom nommenage householdname nomorganisation intitule",
    "acronym": "sigle",
    "parent": "inside dans",
    "note": "notes remarque remarques comment comments commentaire observations",
    "languages": "langues language langue",
}


@dataclass(frozen=True)
class EntityMapping:
    """`fields`: property → field, or ``consent:purpose``; `codes`: property → code of the
    form → code here. `target` is "" where the list registers nothing here."""

    form: str
    dataset: str
    target: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Property:
    """A property of a list, and the question that gives it."""

    name: str
    question: str
    choices: tuple[Offered, ...] = ()



def plain(text: str) -> str:
    """Letters and digits only, without accents: names are compared so."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isalnum())


def guess(form: str, dataset: str, properties: Iterable[Property]) -> EntityMapping:
    """A mapping by names: of the list, of its properties, of their questions."""
    target = guess_target(dataset)
    return fill(EntityMapping(form, dataset, target), properties)


def guess_target(dataset: str) -> str:
    """What a list is about, by its name; "" where the name says nothing."""
    name = plain(dataset)
    for target, words in _LISTS.items():
        if name in words.split():
            return target
    near = (t for t, words in _LISTS.items() if any(_ends(name, w) for w in words.split()))
    return next(near, "")


def _ends(name: str, word: str) -> bool:
    return len(word) > 3 and (name.startswith(word) or name.endswith(word))


def fill(mapping: EntityMapping, properties: Iterable[Property]) -> EntityMapping:
    """The same list with a guess for each field of its target."""
    if not mapping.target:
        return EntityMapping(mapping.form, mapping.dataset)
    names = field_names(mapping.target)
    fields: dict[str, str] = {}
    codes: dict[str, Mapping[str, str]] = {}
    for each in properties:
        for said in (each.name, each.question):
            to = names.get(plain(said), "")
            if to and to not in fields.values() and each.name != LABEL:
                fields[each.name] = to
                codes[each.name] = guess_codes(mapping.target, to, each)
                break
    naming = NAMED.get(mapping.target, "name")
    if mapping.target != "person" and naming not in fields.values():
        fields[LABEL] = naming
    return EntityMapping(mapping.form, mapping.dataset, mapping.target, fields, codes)


def field_names(target: str) -> dict[str, str]:
    """Every name that a field may go by, in our languages → the field."""
    found: dict[str, str] = {}
    known = fields_of(target)
    for each in known:
        found.setdefault(plain(each.name), each.name)
        for language in ("en", "fr"):
            with speaking(language):
                found.setdefault(plain(str(each.label)), each.name)
    for each in known:
        for word in _FIELDS.get(each.name, "").split():
            found.setdefault(word, each.name)
    for code in purposes(target):
        found.setdefault(plain(f"consent_{code}"), f"{CONSENT}{code}")
        found.setdefault(plain(f"consentement_{code}"), f"{CONSENT}{code}")
    if target == "person":
        for word in ("consent", "consentement", "accord"):
            found.setdefault(word, f"{CONSENT}registration")
    return found


def fields_of(target: str) -> list[Field]:
    """Fields that a form may fill: not what the program writes, and no files. A line may
    say whose it is."""
    about = RECORDS[target]
    return [
        each
        for each in about.fields.values()
        if each.name == about.owner
        or not (each.hidden or each.readonly or isinstance(each.kind, Attachment))
    ]


def purposes(target: str) -> list[str]:
    """Purposes of consents that a form may ask for."""
    items = codelists.get("consent_purposes") if target == "person" else ()
    return [item.code for item in items]


def words_of(target: str, to: str) -> str:
    """A field, or a consent, in words."""
    if to.startswith(CONSENT):
        purpose = codelists.label("consent_purposes", to.removeprefix(CONSENT))
        return str(_CONSENT(purpose=purpose))
    return str(RECORDS[target][to].label)


_CONSENT: Text = N_("Consent: {purpose}")


def guess_codes(target: str, to: str, about: Property) -> dict[str, str]:
    """Code here of each choice of a question, "" where none is like it."""
    if not about.choices or not takes_codes(target, to):
        return {}
    return {each.value: _code(target, to, each) for each in about.choices}


def takes_codes(target: str, to: str) -> bool:
    """Whether a field holds codes of a list, so that those of a form are translated."""
    kind = None if to.startswith(CONSENT) else RECORDS[target][to].kind
    return kind is None or isinstance(kind, Choice | Boolean)


def _code(target: str, to: str, offered: Offered) -> str:
    for said in (offered.value, *offered.label.split(" / ")):
        if to.startswith(CONSENT) or isinstance(RECORDS[target][to].kind, Boolean):
            found = yes_or_no(said)
            if found is not None:
                return _answers(to)[0 if found else 1]
            code = find_code("consent_answers", said) if to.startswith(CONSENT) else None
        else:
            code = code_like(str(getattr(RECORDS[target][to].kind, "codes", "")), said)
        if code:
            return code
    return ""


def _answers(to: str) -> tuple[str, str]:
    return ("given", "refused") if to.startswith(CONSENT) else ("true", "false")


def yes_or_no(text: str) -> bool | None:
    """What a word for yes or no says; None for another word."""
    try:
        found = Boolean().parse(text)
    except BadValue:
        return None
    return found if isinstance(found, bool) else None


def code_like(codes: str, said: str) -> str | None:
    """The code that is called so, or that begins so and alone does: ``f`` is female."""
    found = find_code(codes, said)
    if found or not said.strip():
        return found
    listed = codelists.countries() if codes == "country" else codelists.get(codes)
    wanted = plain(said)
    near = [
        item.code
        for item in listed
        if wanted in (plain(item.code), plain(item.label("fr")), plain(item.label("en")))
        or (len(wanted) == 1 and wanted in (item.code[:1], plain(item.label("fr"))[:1]))
    ]
    return near[0] if len(near) == 1 else None


def codes_here(target: str, to: str) -> list[tuple[str, str]]:
    """(code, words) that a field may hold."""
    if to.startswith(CONSENT):
        return [(item.code, item.label()) for item in codelists.get("consent_answers")]
    kind = RECORDS[target][to].kind
    if isinstance(kind, Boolean):
        return [("true", kind.show(True)), ("false", kind.show(False))]
    assert isinstance(kind, Choice)
    listed = codelists.countries() if kind.codes == "country" else codelists.get(kind.codes)
    return [(item.code, item.label()) for item in listed]


def unknown(
    mapping: EntityMapping, properties: Iterable[Property]
) -> Iterator[tuple[str, str]]:
    """(property, choice of the form) that no code here is like: such an answer is left out."""
    for each in properties:
        to = mapping.fields.get(each.name, "")
        if to and takes_codes(mapping.target, to):
            table = mapping.codes.get(each.name, {})
            lost = (choice for choice in each.choices if not table.get(choice.value))
            yield from ((each.name, choice.label or choice.value) for choice in lost)
