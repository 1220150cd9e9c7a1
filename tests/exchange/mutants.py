"""Rules of the exchange, each taken out once: the model must notice.

    python -m tests.exchange.mutants [--on] [WORD ...]

Each rule (`rules.py`) is taken out in a process of its own, where the one module is compiled
without it. There the model is asked: histories of one row (`histories.py`), short stories
(`directed.py`), stories of chance (`story.py`); first the story that was told for this rule,
or that noticed last time. If none fails, the tests beside the code are asked, so that the table
says who alone knew. A story that noticed something is also played on the program as it is,
where it must not fail. Nothing is written but the table, `MUTANTS.md`, after each verdict, so a
run that is stopped goes on where it was: `--on` leaves out what the table says already. With
words, only rules with one of them in their name. Ends with 1 if the model missed one, with 2 if
it fails on the whole program.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, ModuleType

# What all that is played needs and is no part of the program: loaded once, before the forks.
import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
import hypothesis.stateful  # noqa: F401
import pytest
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
import sqlalchemy.orm  # noqa: F401

from tests.exchange.rules import GROUPS, MUTANTS, TOLD_FOR, Mutant

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("MUTANTS.md")
HISTORIES, SEEDS, STEPS = range(1, 61), range(1, 5), 100
"""What chance tells to judge a mutant."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A folder in memory, if there is one: the stories wait for the disk half of their time."""
PATIENCE_S = 900
"""After which a mutant counts as noticed: whoever waits for it notices."""
BESIDE = (
    "tests/sync/test_merge.py",
    "tests/services/test_exchange_of_ops.py",
    "tests/services/test_erasure.py",
    "tests/services/test_duplicates.py",
    "tests/services/test_exchange_scopes.py",
    "tests/jobs/test_exchange_rounds.py",
    "tests/jobs/test_restore.py",
)
"""Tests that are asked when the model did not notice."""


@dataclass(frozen=True)
class Verdict:
    """Who noticed that a rule is missing ("" if nobody), and by which sentence."""

    by: str = ""
    said: str = ""

    @property
    def story(self) -> str:
        """The story of the model that noticed, "" if none did."""
        return "" if self.by.startswith(("test", "not judged")) else self.by


class Without(SourceFileLoader):
    """Loads one module of the program without a rule. Stands in `sys.meta_path`."""

    def __init__(self, mutant: Mutant) -> None:
        name = mutant.file.removesuffix(".py").replace("/", ".")
        super().__init__(name, str(ROOT / mutant.file))
        self.mutant = mutant

    def find_spec(
        self, name: str, _path: object = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        text = Path(self.path).read_text(encoding="utf-8")
        return compile(self.mutant.applied(text), self.path, "exec", dont_inherit=True)


# in a process of its own ------------------------------------------------------


def _judged(said: Connection, mutant: Mutant | None, start: Path, story: str) -> None:
    os.nice(5)
    if mutant is not None:
        sys.meta_path.insert(0, Without(mutant))
    verdict: Verdict | None
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            verdict = _by_stories(start, [story] if story else ())
            if verdict is None and (mutant is not None or not story):
                verdict = _by_histories()
            if verdict is None and mutant is not None:
                verdict = _by_stories(start) or _by_tests()
        except Exception as error:  # the program does not even load
            verdict = Verdict("import", _sentence(error))
    said.send(verdict or Verdict())


def _by_histories() -> Verdict | None:
    from tests.exchange import histories

    for seed in HISTORIES:
        try:
            histories.examine(seed)
        except Exception as error:
            return Verdict(f"history {seed}", _sentence(error))
    return None


def _by_stories(start: Path, only: Sequence[str] | None = None) -> Verdict | None:
    from tests.exchange import directed, model, office, story

    if not start.exists():
        office.an_office(start)
    model.OneOffice.start = start
    chance = {f"chance {seed}": seed for seed in SEEDS}
    for name in [*directed.STORIES, *chance] if only is None else only:
        acts = directed.STORIES.get(name) or story.told(chance[name], STEPS)
        try:
            story.play(acts)
        except Exception as error:
            return Verdict(name, _sentence(error))
    return None


def _by_tests() -> Verdict:
    noticed = _Noticed()
    # PostgreSQL runs as somebody who may not read the folder of this run.
    alone = ("-k", "not postgresql", "-n", "0")
    arguments = ("-q", "-x", "-W", "ignore", "-p", "no:cacheprovider", *alone, *BESIDE)
    pytest.main(list(arguments), plugins=[noticed])
    return Verdict(noticed.name, noticed.name and "a test beside the code")


class _Noticed:
    """The first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid.rpartition("::")[2]


def _sentence(error: Exception) -> str:
    """Where the model noticed it: the line of its code, without what differs each time."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/tests/" in frame.filename]
    where = f"`{' '.join((ours[-1].line or '').split())[:70]}`" if ours else ""
    return where if isinstance(error, AssertionError) else f"{type(error).__name__} {where}"


# here -------------------------------------------------------------------------


def judge(mutant: Mutant | None, start: Path, story: str = "") -> Verdict:
    """What becomes of the program without a rule, first in this story; None: of the whole
    program, in this story only."""
    fork = get_context("fork")
    mouth, ear = fork.Pipe(duplex=False)
    child = fork.Process(target=_judged, args=(ear, mutant, start, story))
    child.start()
    ear.close()
    try:
        if mouth.poll(PATIENCE_S):
            verdict: Verdict = mouth.recv()
            return verdict
        return Verdict("time", f"took more than {PATIENCE_S} s")
    except EOFError:
        return Verdict("crash", "the process died")
    finally:
        child.kill()
        child.join()


def chosen(words: Sequence[str]) -> list[Mutant]:
    """All, or those with one of the words in their name."""
    return [each for each in MUTANTS if not words or any(w in each.name for w in words)]


def read() -> dict[str, Verdict]:
    """The table as it was written last: rule → verdict."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0]: Verdict(*row[1:]) for row in rows if "**" not in row[1]}


def write(verdicts: dict[str, Verdict], last_run: str) -> None:
    """The whole table."""
    TABLE.write_text("\n".join([*_table(verdicts), "", last_run, ""]), encoding="utf-8")


def _table(verdicts: dict[str, Verdict]) -> Iterator[str]:
    known = {each.name: verdicts[each.name] for each in MUTANTS if each.name in verdicts}
    noticed = sum(bool(one.story) for one in known.values())
    yield "# Rules of the exchange, each taken out once"
    yield ""
    yield "Written by `make mutants`. In bold: what the model missed."
    yield f"{noticed} of {len(MUTANTS)} were noticed by the model."
    for title, group in GROUPS.items():
        yield from ("", f"## {title}", "", "| Without the rule | Noticed by | Where |")
        yield "|---|---|---|"
        for each in group:
            one = known.get(each.name, Verdict("not judged"))
            by = one.by if one.story else f"**{one.by or 'nobody'}**"
            yield f"| {each.name} | {by} | {one.said.replace('|', '/')} |"


def _story(verdict: Verdict | None) -> str:
    """The story of several computers that noticed, "" if none did."""
    apart = ("history", "time", "crash", "import")
    return "" if verdict is None or verdict.by.startswith(apart) else verdict.story


def main(words: Sequence[str]) -> int:
    """Judge all of them, or some; see the module."""
    verdicts, began = read(), time.monotonic()
    rules = chosen([word for word in words if word != "--on"])
    if "--on" in words:
        rules = [each for each in rules if each.name not in verdicts]
    missed, sound = 0, {""}
    with tempfile.TemporaryDirectory(prefix="migdesk-mutants-", dir=MEMORY) as folder:
        tempfile.tempdir = folder
        start = Path(folder) / "start"
        whole = judge(None, start)  # the histories; and makes the files to start with
        for each in [] if whole.by else rules:
            since = time.monotonic()
            told = TOLD_FOR.get(each.name, "")
            found = judge(each, start, told or _story(verdicts.get(each.name)))
            story = _story(found)
            if story not in sound and (whole := judge(None, start, story)).by:
                break
            sound.add(story)
            verdicts[each.name] = found
            missed += not found.story
            took = time.monotonic() - since
            line = f"{found.by or 'NOBODY':24} {took:4.0f} s  {each.name}  {found.said}"
            print(line, flush=True)
            minutes = (time.monotonic() - began) / 60
            ran = f"Last run: {len(rules)} rules, {missed} missed, {minutes:.0f} minutes."
            write(verdicts, ran)
    if whole.by:
        print(f"The whole program does not pass: {whole.by}: {whole.said}")
    return 2 if whole.by else min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
