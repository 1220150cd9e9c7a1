"""HXL hashtags of questions: the form's own, else what a name and a type suggest.

Tags and attributes are those of the HXL standard 1.1 (hxlstandard.org).
"""

from __future__ import annotations

import re

from migdesk.forms.dataset import Variable

META = {
    "_uuid": "#meta+id",
    "_submission__uuid": "#meta+id",
    "_submission_time": "#date+reported",
    "_index": "#meta+index",
    "_parent_index": "#meta+parent",
    "__version__": "#meta+version",
}
TAG = re.compile(r"#[A-Za-z]\w*(\s*\+\s*[A-Za-z]\w*)*\Z", re.ASCII)

_NAMES = (
    (r"country|pays", "#country+name"),
    (r"adm(in)?_?1|region|province", "#adm1+name"),
    (r"adm(in)?_?2|department|departement|district|cercle", "#adm2+name"),
    (r"adm(in)?_?3|arrondissement|commune|municipality", "#adm3+name"),
    (r"village|quartier|locality|localite|place|lieu", "#loc+name"),
    (r"enumerator|enqueteur|interviewer|deviceid|username", "#meta+enumerator"),
    (r"org(anisation|anization)?|partner|partenaire", "#org+name"),
    (r"sex|sexe|gender|genre", "#beneficiary+sex"),
    (r"age", "#beneficiary+age"),
    (r"household_size|taille_menage|members", "#population+hh+num"),
    (r"phone|telephone|tel", "#contact+phone"),
    (r"email|mail|courriel", "#contact+email"),
    (r"consent|consentement", "#meta+consent"),
    (r"instanceid", "#meta+id"),
)
_TYPES = {
    "date": "#date",
    "dateTime": "#date",
    "geopoint": "#geo+coord",
    "geotrace": "#geo+line",
    "geoshape": "#geo+bounds",
    "select_one": "#indicator+code",
    "select_multiple": "#indicator+list",
}


def guess(variable: Variable) -> str:
    """A sensible tag, "" where nothing suggests one (HXL leaves such a column untagged)."""
    if variable.type in ("date", "dateTime", "geopoint", "geotrace", "geoshape"):
        return _TYPES[variable.type]
    name = variable.name.lower()
    for pattern, tag in _NAMES:
        if re.search(rf"(\A|_)({pattern})(_|\Z)", name):
            return tag
    if variable.numeric:
        return "#indicator+num"
    return _TYPES.get(variable.type, "")


def tidy(tag: str) -> str | None:
    """A tag as typed, made regular; None if it is none. "" stays: no tag."""
    text = re.sub(r"\s+", "", tag)
    if text and not text.startswith("#"):
        text = f"#{text}"
    if not text:
        return ""
    return text.lower() if TAG.match(text) else None
