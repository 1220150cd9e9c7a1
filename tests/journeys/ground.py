"""Where a journey takes place, and the search of it afterwards: not a word about a person
lies there in clear, in no file that the program, its crash or the system wrote."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models.kinds import Email, Kind, LongText, Phone, Texts
from migdesk.models.office import Account, Questionnaire, Submission
from tests.needles import assert_clean

ROOT = Path(__file__).resolve().parents[2]
SHORTEST = 6
"""Letters of a word that is looked for: five lie by chance in so many bytes."""
PEOPLE = ("person", "household", "member", "visit", "case", "step", "budget_line", "paper")
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}|\d{{7,}}")


class Ground:
    """A folder for a journey: homes of computers, sticks, and what every process of it takes
    for its temporary files, its user's own folders and its working folder.

    `open`: what a person had or asked for in clear (pictures, papers, tables).
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.open = folder, folder / "in clear"
        self.temp, self.user, self.here = (folder / n for n in ("temp", "user", "here"))
        for made in (self.open, self.temp, self.user, self.here):
            made.mkdir()
        self._places: list[Path] = []
        self._words: set[str] | None = None

    def settle_in(self, patch: pytest.MonkeyPatch) -> None:
        """From now on everything that has no place of its own comes to lie here."""
        for name in ("TMPDIR", "TEMP", "TMP"):
            patch.setenv(name, str(self.temp))
        patch.setattr(tempfile, "tempdir", str(self.temp))
        for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
            patch.setenv(name, str(self.user))
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.delenv(name, raising=False)

    def note(self, session: Session) -> None:
        """Remember what a database says of people: it must lie nowhere in clear."""
        self.expect(said_in(session))

    def expect(self, words: Iterable[str], *places: Path) -> None:
        """Look for these words too, and in places that lie elsewhere."""
        self._words = {*(self._words or ()), *words}
        self._places += places

    def run(self, module: str, *arguments: str) -> Popen[str]:
        """Start a process of the journey that may die: its cores would come to lie here."""
        return Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.here,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=PIPE,
            text=True,
            preexec_fn=None if sys.platform == "win32" else _cores_may_be_written,
        )

    def search(self) -> None:
        """The end of a journey."""
        assert self._words is not None, "a journey notes what it said of people"
        assert list(self.temp.iterdir()) == []
        self.open.rename(away := self.folder.with_name(f"{self.folder.name}-in-clear"))
        self.open = away
        for place in (self.folder, *self._places):
            assert_clean(place, self._words)


def crash(process: Popen[str], paths_log: Path) -> None:
    """End a process as a fault of its own would: its memory is not kept, and where it stood
    is."""
    if sys.platform == "win32":
        process.kill()
        return
    process.send_signal(signal.SIGSEGV)
    assert process.wait() == -signal.SIGSEGV
    assert "Segmentation fault" in paths_log.with_suffix(".crash").read_text("utf-8")


def _cores_may_be_written() -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


# what a database says of people ---------------------------------------------------


def said_in(session: Session) -> set[str]:
    """Every text about a person that a database holds, whole and word by word; but the words
    of questionnaires, and the names of those who log in, which the login shows."""
    texts = {*_fields(session), *_answers(session)}
    words = {word for text in texts for word in _WORD.findall(text)}
    words |= {text for text in texts if _WORD.search(text)}
    return words - _of_forms(session) - _of_accounts(session)


def _fields(session: Session) -> Iterator[str]:
    for kind in PEOPLE:
        about = RECORDS[kind]
        told = [f.name for f in about.fields.values() if _is_words(f.kind)]
        for row in session.scalars(sa.select(about.model)):
            for name in told:
                held = getattr(row, name)
                yield from held if isinstance(held, list) else filter(None, [held])


def _is_words(kind: object) -> bool:
    return type(kind) is Kind or isinstance(kind, LongText | Texts | Phone | Email)


def _answers(session: Session) -> Iterator[str]:
    for xml in filter(None, session.scalars(sa.select(Submission.xml))):
        for node in etree.fromstring(xml.encode()).iter():
            if not len(node) and node.text and "meta" not in str(node.getparent().tag):
                yield node.text.strip()


def _of_forms(session: Session) -> set[str]:
    """Words of the questionnaires themselves, which say nothing of anybody."""
    forms = filter(None, session.scalars(sa.select(Questionnaire.xform)))
    return {word for xml in forms for word in _WORD.findall(xml)}


def _of_accounts(session: Session) -> set[str]:
    names = [name for name in session.scalars(sa.select(Account.name)) if name]
    return {"migdesk", *names, *(word for name in names for word in _WORD.findall(name))}
