"""Words of the program and their translations.

    catalogues.py update             collect words from the code into .pot and .po files
    catalogues.py compile [PO …]     make the .mo files that the program reads
    catalogues.py check              fail unless all is fresh, French whole, gaps right
    catalogues.py missing LANGUAGE   print untranslated words as JSON
    catalogues.py fill LANGUAGE JSON take translations from a file {words: translation},
                                     a plural's translation being a list of its forms

The files carry no dates and no line numbers, so that a change shows only itself.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("fr", "en")
WHOLE = ("fr",)
"""Languages in which no word may be missing."""

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
Forms = tuple[str, ...]

# French puts a thin no-break space before tall signs, a wide one before the colon and
# inside guillemets (Imprimerie nationale, Lexique des règles typographiques).
SPACES = (
    (re.compile(r"[ \u00a0\u202f]([;?!])"), "\u202f\\1"),
    (re.compile(r"[ \u202f]([:»])"), "\u00a0\\1"),
    (re.compile(r"«[ \u202f]"), "«\u00a0"),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
)


@dataclass(frozen=True)
class Project:
    """A folder of code and the folder of its catalogues."""

    code: Path
    translations: Path

    @property
    def pot(self) -> Path:
        """The template."""
        return self.translations / "migdesk.pot"

    def po(self, language: str) -> Path:
        """The catalogue of one language."""
        return self.translations / language / "LC_MESSAGES" / "migdesk.po"

    def collect(self) -> Catalog:
        """All words marked in the code."""
        template = Catalog()
        found = extract_from_dir(self.code, [("**.py", "python")], keywords=KEYWORDS)
        for _file, _line, words, _comments, _context in found:
            template.add(words)
        return template

    def load(self, language: str) -> Catalog:
        """The catalogue of a language, empty if there is no file yet."""
        path = self.po(language)
        if not path.exists():
            return Catalog(locale=language)
        with path.open("rb") as file:
            return read_po(file, locale=language)


ROOT = Path(__file__).resolve().parent.parent
HERE = Project(ROOT / "migdesk", ROOT / "translations")


def main(arguments: list[str] | None = None, project: Project = HERE) -> int:
    """Run one of the commands above; the exit code."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update")
    commands.add_parser("check")
    commands.add_parser("compile").add_argument("po", nargs="*", type=Path)
    commands.add_parser("missing").add_argument("language")
    fill_command = commands.add_parser("fill")
    fill_command.add_argument("language")
    fill_command.add_argument("json", type=Path)
    chosen = parser.parse_args(arguments)
    match chosen.command:
        case "update":
            update(project)
        case "compile":
            compile_all(chosen.po or [project.po(language) for language in LANGUAGES])
        case "missing":
            form = missing(project.load(chosen.language))
            print(json.dumps(form, ensure_ascii=False, indent=1))
        case "fill":
            given = json.loads(chosen.json.read_text("utf-8"))
            return report(fill(project, chosen.language, given))
        case "check":
            return report(check(project, project.collect()))
    return 0


def update(project: Project) -> None:
    """Bring the template and all catalogues up to the code. Translations of words that
    are gone are dropped; nothing is guessed from similar words."""
    template = project.collect()
    save(template, project.pot)
    for language in LANGUAGES:
        catalogue = project.load(language)
        catalogue.update(template, no_fuzzy_matching=True)
        save(catalogue, project.po(language))


def compile_all(sources: list[Path]) -> None:
    """Write the .mo beside each .po."""
    for source in sources:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        out = BytesIO()
        write_mo(out, catalogue)
        source.with_suffix(".mo").write_bytes(out.getvalue())


def missing(catalogue: Catalog) -> dict[str, str | list[str]]:
    """Words without a translation, as a form to fill in for `fill`."""
    return {
        originals(message)[0]: [""] * catalogue.num_plurals if message.pluralizable else ""
        for message in words_of(catalogue)
        if incomplete(message, catalogue)
    }


def fill(project: Project, language: str, given: dict[str, str | list[str]]) -> list[str]:
    """Take over translations; the faults if one has wrong gaps, and then nothing is
    written. Words that we do not know are named and left out, empty ones skipped."""
    catalogue = project.load(language)
    for words, translation in given.items():
        message = catalogue.get(words)
        if message is None:
            print(f"not in the program: {words!r}", file=sys.stderr)
        elif all(translation) and translation:
            forms = [tidy(form, language) for form in as_forms(translation)]
            message.string = tuple(forms) if message.pluralizable else forms[0]
            message.flags.discard("fuzzy")
    faults = [fault for message in words_of(catalogue) for fault in wrong_gaps(message)]
    if not faults:
        save(catalogue, project.po(language))
    return faults


def check(project: Project, template: Catalog) -> list[str]:
    """All that is wrong with the files, in words; `template` is what the code says."""
    faults = []
    if not project.pot.exists() or project.pot.read_text("utf-8") != text(template):
        faults.append("migdesk.pot is stale: run `make translations`")
    for language in LANGUAGES:
        catalogue = project.load(language)
        faults += [f"{language}: {fault}" for fault in check_one(language, catalogue, template)]
    return faults


def check_one(language: str, catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """Faults of one language."""
    wanted = {originals(message) for message in words_of(template)}
    if {originals(message) for message in words_of(catalogue)} != wanted:
        yield "catalogue is stale: run `make translations`"
    for message in words_of(catalogue):
        first = originals(message)[0]
        if message.fuzzy:
            yield f"fuzzy: {first!r}"
        if language in WHOLE and incomplete(message, catalogue):
            yield f"not translated: {first!r}"
        yield from wrong_gaps(message)
        if any(tidy(form, language) != form for form in translations(message)):
            yield f"spaces or apostrophes: {first!r}"


def wrong_gaps(message: Message) -> Iterator[str]:
    """A translation must have the gaps of its source; a plural's first form may leave
    out the number, as "one person" does."""
    given = originals(message)
    allowed = [gaps(words) for words in given]
    for place, form in enumerate(translations(message)):
        if not form:
            continue
        fitting = allowed if place == 0 else allowed[-1:]
        if gaps(form) not in fitting or gaps(form) is None:
            yield f"gaps differ: {given[0]!r} → {form!r}"


def gaps(words: str) -> frozenset[str] | None:
    """Names in braces; None if the braces do not match or a gap has no name."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(words)} - {None}
    except ValueError:
        return None
    return None if "" in names else frozenset(filter(None, names))


def tidy(words: str, language: str) -> str:
    """Words with the spaces and apostrophes of their language."""
    if language == "fr":
        for pattern, right in SPACES:
            words = pattern.sub(right, words)
    return words


def incomplete(message: Message, catalogue: Catalog) -> bool:
    """Is the translation, or one form of its plural, missing?"""
    forms = translations(message)
    wanted = catalogue.num_plurals if message.pluralizable else 1
    return len(forms) != wanted or not all(forms)


def originals(message: Message) -> Forms:
    """The source: one form, or singular and plural."""
    return as_forms(message.id)


def translations(message: Message) -> Forms:
    """The translation in all its forms; empty texts where there is none."""
    return as_forms(message.string or "")


def as_forms(value: str | list[str] | Forms) -> Forms:
    """One or several texts as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


def words_of(catalogue: Catalog) -> Iterator[Message]:
    """Messages without the header."""
    return (message for message in catalogue if message.id)


def save(catalogue: Catalog, path: Path) -> None:
    """Write a template or a catalogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(catalogue), "utf-8")


def text(catalogue: Catalog) -> str:
    """A catalogue as a .po file, sorted, under a header without dates."""
    lines = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    lines.append("Content-Transfer-Encoding: 8bit")
    if isinstance(catalogue.locale, Locale):
        count, rule, *_ = get_plural(catalogue.locale)
        lines.insert(0, f"Language: {catalogue.locale}")
        lines.append(f"Plural-Forms: nplurals={count}; plural={rule};")
    head = "".join(f'"{line}\\n"\n' for line in lines)
    out = BytesIO()
    write_po(
        out, catalogue, no_location=True, omit_header=True, sort_output=True,
        ignore_obsolete=True, width=96,
    )  # fmt: skip
    return f'msgid ""\nmsgstr ""\n{head}\n' + out.getvalue().decode()


def report(faults: list[str]) -> int:
    """Print the first faults and how many there are; the exit code."""
    for fault in faults[:25]:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults in the catalogues", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
