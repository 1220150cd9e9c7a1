"""The words of the design bench: reports and comparisons as tables, rules in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from migdesk.errors import Fault
from migdesk.forms.compare import Change, Comparison, Pair
from migdesk.forms.effects import Effect, Weighed
from migdesk.forms.explain import Rule
from migdesk.forms.faults import FormFault, Place
from migdesk.forms.inventory import Missing
from migdesk.forms.trial import Act, Played, State
from migdesk.i18n import N_, Text, _, ngettext
from migdesk.printing.sheets.bench_report import BenchTable

from .bench import Subject, place_of
from .codebook import TYPES
from .count_words import figure

ASPECTS: Mapping[str, Text] = {
    "place": N_("Group"),
    "order": N_("Order (comes after)"),
    "name": N_("Name"),
    "type": N_("Type"),
    "data_type": N_("Stored as"),
    "label": N_("Label"),
    "hint": N_("Hint"),
    "guidance": N_("Guidance"),
    "image": N_("Picture"),
    "big-image": N_("Picture"),
    "audio": N_("Sound"),
    "video": N_("Video"),
    "message": N_("Message"),
    "constraint_message": N_("Message when refused"),
    "required_message": N_("Message when lacking"),
    "relevant": N_("Asked if"),
    "constraint": N_("Allowed if"),
    "calculate": N_("Calculation"),
    "required": N_("Required"),
    "readonly": N_("Read only"),
    "default": N_("Default"),
    "appearance": N_("Appearance"),
    "choices": N_("Filter of the choices"),
    "count": N_("Number of rows"),
    "event": N_("Set by an event"),
    "choice_added": N_("New choice"),
    "choice_removed": N_("Choice removed"),
    "choice_label": N_("Words of a choice"),
    "choice_order": N_("Order of the choices"),
    "choice_more": N_("More differences of choices"),
    "choice": N_("Choice"),
    "value": N_("Answer"),
    "violation": N_("Wrong"),
    "act": N_("Step refused"),
}
STATUSES: Mapping[str, Text] = {
    "added": N_("Added"),
    "removed": N_("Removed"),
    "moved": N_("Moved"),
    "changed": N_("Changed"),
}
_MORE_TYPES: Mapping[str, Text] = {
    "note": N_("words to read"),
    "group": N_("group of questions"),
    "repeat": N_("questions asked several times"),
}
_STATES: Mapping[str, Text] = {
    "given": N_("given"),
    "missing": N_("missing"),
    "own": N_("made from the records of this computer"),
}
_EFFECTS: Mapping[str, Text] = {
    "no_column": N_("The answers have no column any more."),
    "renamed": N_("The answers stay under the old name: two columns."),
    "other_sheet": N_("The answers go to another sheet: a repeat begins or ends here."),
    "code_gone": N_("The choice “{code}” ({label}) was given and is no longer offered."),
    "not_of_type": N_("The answers do not fit the new type."),
    "not_allowed": N_("The answers break the new rule."),
    "not_asked": N_("The answers would be dropped: the question is not asked any more."),
    "lacking": N_("The answer is missing and now required."),
    "recalculated": N_("The calculation gives another value."),
}


def aspect(name: str) -> str:
    """What a rule or a difference is about."""
    return str(ASPECTS[name]) if name in ASPECTS else name


# the report of one form -------------------------------------------------------------


def facts(subject: Subject) -> list[tuple[str, str]]:
    """The form in figures."""
    counted, form = subject.counted, subject.form
    if counted is None or form is None:
        return []
    found = [
        (_("Identifier"), form.form_id),
        (_("Version"), form.version),
        (_("Questions"), figure(counted.questions)),
        (_("Notes"), figure(counted.types.get("note", 0))),
        (_("Groups"), figure(counted.groups)),
        (_("Repeats"), figure(counted.repeats)),
        (_("Calculations"), figure(counted.types.get("calculate", 0))),
        (_("Required"), figure(counted.rules["required"])),
        (_("Conditions"), figure(counted.rules["relevant"])),
        (_("Constraints"), figure(counted.rules["constraint"])),
        (_("Choices"), figure(counted.choices)),
        (_("Languages"), ", ".join(form.languages) or _("one, without a name")),
        (_("Remarks"), figure(len(subject.remarks))),
    ]
    return [(label, value) for label, value in found if value]


def report(subject: Subject) -> tuple[BenchTable, ...]:
    """Everything that a designer is told of a form, table by table."""
    made = [_remarks(subject), *_counted(subject), *_languages(subject)]
    if subject.states:
        rows = [
            (each.name, _("list") if each.list else _("media"), str(_STATES[each.state]))
            for each in subject.states
        ]
        made.append(BenchTable(_("Files"), (_("File"), _("Used as"), _("State")), rows))
    if subject.entities:
        rows = [
            (
                each.dataset,
                _entity_verbs(each.creates, each.updates),
                ", ".join(each.properties),
            )
            for each in subject.entities
        ]
        heads = (_("Entity list"), _("What happens"), _("Properties"))
        made.append(BenchTable(_("Entities"), heads, rows, (2, 2, 5)))
    return tuple(made)


def _entity_verbs(creates: bool, updates: bool) -> str:
    verbs = ((creates, _("creates")), (updates, _("updates")))
    return ", ".join(verb for does, verb in verbs if does)


def _remarks(subject: Subject) -> BenchTable:
    heads = (_("Sheet"), _("Row"), _("Column"), _("Question"), _("Remark"))
    rows = [_remark(each.place, str(each.text)) for each in subject.remarks]
    if subject.fault is not None:
        rows.insert(0, _remark(place_of(subject.fault), said(subject.fault)))
    note = "" if rows else _("Nothing to remark: everything in the form is done here.")
    return BenchTable(_("Remarks"), heads, rows, (2, 1, 2, 3, 8), note)


def said(fault: Fault) -> str:
    """What is wrong, without the place."""
    return fault.said() if isinstance(fault, FormFault) else fault.words


def _remark(place: Place, words: str) -> tuple[str, ...]:
    row = str(place.row) if place.row else ""
    return place.sheet or "", row, place.column or "", place.ref or "", words


def _counted(subject: Subject) -> Iterator[BenchTable]:
    if subject.counted is not None:
        types = sorted(subject.counted.types.items(), key=lambda each: -each[1])
        rows = [(type_word(kind), figure(n)) for kind, n in types]
        yield BenchTable(_("Questions by type"), (_("Type"), _("Number")), rows, (3, 1))


def type_word(kind: str) -> str:
    """A type of question for a reader."""
    word = TYPES.get(kind) or _MORE_TYPES.get(kind)
    return f"{word} ({kind})" if word is not None else kind


def _languages(subject: Subject) -> Iterator[BenchTable]:
    speeches = subject.counted.languages if subject.counted is not None else ()
    rows = [(each.language, figure(each.texts), figure(len(each.missing))) for each in speeches]
    if rows:
        heads = (_("Language"), _("Texts"), _("Missing"))
        yield BenchTable(_("Languages"), heads, rows, (3, 1, 1))
    lacking = [
        (speech.language, each.of, _part(each), each.words)
        for speech in speeches
        for each in speech.missing
    ]
    if lacking:
        heads4 = (_("Language"), _("Question or list"), _("What"), _("In another language"))
        yield BenchTable(_("Missing translations"), heads4, lacking, (2, 3, 2, 5))


def _part(each: Missing) -> str:
    return aspect(each.form or each.part)


# two versions -----------------------------------------------------------------------


def name_of(form_title: str, version: str) -> str:
    """A version in one line."""
    return f"{form_title} · {version}" if version else form_title


def summary(found: Comparison) -> str:
    """How many of what changed."""
    counts = found.counts()
    parts = [
        ngettext("{n} added", "{n} added", counts.get("added", 0)),
        ngettext("{n} removed", "{n} removed", counts.get("removed", 0)),
        ngettext("{n} moved", "{n} moved", counts.get("moved", 0)),
        ngettext("{n} changed", "{n} changed", counts.get("changed", 0)),
    ]
    keys = ("added", "removed", "moved", "changed")
    said = [
        part.format(n=counts[key]) for key, part in zip(keys, parts, strict=True) if counts[key]
    ]
    return " · ".join(said) or _("No question is different.")


def differences(found: Comparison) -> BenchTable:
    """One line for each difference."""
    heads = (
        _("Question"),
        _("What"),
        _("Before: {version}").format(version=found.old.version or "–"),
        _("After: {version}").format(version=found.new.version or "–"),
    )
    rows = [row for pair in found.different for row in _pair_rows(pair)]
    spoken = [
        (_("Language"), str(STATUSES[status]), before, after)
        for status, names in (
            ("removed", found.languages_removed),
            ("added", found.languages_added),
        )
        for name in names
        for before, after in [(name, "") if status == "removed" else ("", name)]
    ]
    note = "" if rows or spoken else _("No question is different.")
    return BenchTable(_("Differences"), heads, [*spoken, *rows], (3, 2, 4, 4), note)


def _pair_rows(pair: Pair) -> Iterator[tuple[str, ...]]:
    name = question(pair)
    if pair.status in ("added", "removed"):
        label = pair.label or pair.node.name
        sides = ("", label) if pair.old is None else (label, "")
        yield name, str(STATUSES[pair.status]), *sides
        return
    for change in pair.changes:
        yield name, _what(change), _shown(change, change.before), _shown(change, change.after)


def question(pair: Pair) -> str:
    """A question by its name and its words."""
    name = pair.node.name
    return f"{name} · {pair.label}" if pair.label else name


def _what(change: Change) -> str:
    word = aspect(change.aspect)
    return f"{word} · {change.language}" if change.language else word


def _shown(change: Change, text: str) -> str:
    if change.aspect == "type" and text:
        return type_word(text)
    return truth(text.removesuffix("()")) if change.aspect in ("required", "readonly") else text


def consequences(weighed: Weighed) -> BenchTable:
    """What happens to the answers that are here."""
    heads = (_("Question"), _("What happens to the answers"), _("Answers"), _("Submissions"))
    rows = [
        (question(each.pair), effect(each), figure(each.answers), figure(each.submissions))
        for each in weighed.effects
    ]
    note = ngettext(
        "Counted over {n} submission of the older version.",
        "Counted over {n} submissions of the older version.",
        weighed.read,
    ).format(n=figure(weighed.read))
    if weighed.unread:
        more = ngettext(
            "{n} could not be read.", "{n} could not be read.", weighed.unread
        ).format(n=figure(weighed.unread))
        note = f"{note} {more}"
    if not rows and weighed.read:
        note = f"{note} {_('No answer is lost or refused.')}"
    return BenchTable(_("Effect on the answers"), heads, rows, (4, 5, 1.5, 1.8), note)


def effect(each: Effect) -> str:
    """What happens to answers, in a sentence."""
    return str(_EFFECTS[each.kind](code=each.code, label=each.label))


# test runs ----------------------------------------------------------------------------


def brief(ref: str) -> str:
    """A place without the groups around it: ``kid[2]/age``."""
    *around, last = ref.split("/")[2:] or [ref]
    return "/".join([*(part for part in around if part.endswith("]")), last])


def truth(result: str) -> str:
    """A result for a reader: truths as words."""
    return {"true": _("yes"), "false": _("no")}.get(result, result)


def because(state: State, rules: Sequence[Rule]) -> str:
    """Why a place is as it is, in a few sentences."""
    said = []
    off = [rule for rule in rules if rule.aspect == "relevant" and rule.result != "true"]
    if not state.relevant:
        said += [
            _("Not asked: “{rule}” is not true.").format(rule=rule.source) for rule in off
        ] or [_("Not asked: nothing around it is.")]
    elif any(rule.aspect == "relevant" for rule in rules):
        said.append(_("Asked: every condition is true."))
    else:
        said.append(_("Always asked."))
    if state.violation:
        said.append(_("Wrong: {words}").format(words=state.violation))
    if state.required:
        said.append(_("An answer is required."))
    calculated = next((rule for rule in rules if rule.aspect == "calculate"), None)
    if calculated is not None:
        said.append(_("Calculated: {value}").format(value=calculated.result))
    elif state.readonly:
        said.append(_("Read only."))
    return " ".join(said)


def act_words(act: Act) -> str:
    """What was done in a step."""
    place = brief(act.ref)
    match act.verb:
        case "open":
            return _("Opened")
        case "add":
            return _("Row added: {place}").format(place=place)
        case "remove":
            return _("Row removed: {place}").format(place=place)
        case "speak":
            return _("Language: {language}").format(language=act.text)
        case "finish":
            return _("Finished")
    if not act.text:
        return _("{place}: emptied").format(place=place)
    return _("{place}: “{answer}”").format(place=place, answer=act.text)


def change_words(field: str, before: str, after: str) -> tuple[str, str, str]:
    """(what changed, before, after)."""
    if field == "value":
        return aspect("value"), before, after
    if field == "violation":
        return aspect("violation"), before, after or _("right")
    word = _("Asked") if field == "relevant" else aspect(field)
    said = {"1": _("yes"), "": _("no")}
    return word, said.get(before, before), said.get(after, after)


def played_table(played: Played) -> BenchTable:
    """What was different when a test run was played again."""
    heads = (_("Step"), _("Place"), _("What"), _("Then"), _("Now"))
    rows = [
        (
            str(each.step),
            brief(each.ref),
            *(
                (aspect("act"), each.before, each.after)
                if each.field == "act"
                else change_words(each.field, each.before, each.after)
            ),
        )
        for each in played.differences
    ]
    note = "" if rows else _("Everything went as it did then.")
    return BenchTable(_("Differences"), heads, rows, (1, 3, 2, 3, 3), note)
