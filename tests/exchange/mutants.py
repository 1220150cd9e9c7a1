"""Rules of the exchange, each taken out once: the model must notice.

    python -m tests.exchange.mutants [WORD ...]

Copies the program and its tests to a scratch folder, takes one rule out there, and lets
`tests/sync/test_merge.py` and then stories of the model judge it. Prints who noticed;
ends with 1 if nobody did. With words, only mutants with one of them in their name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.rules import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
FIRST, STORIES, STEPS = 1, 8, 100
"""Seeds and steps of the stories that judge a mutant."""
PATIENCE_S = 1_200


@dataclass(frozen=True)
class Verdict:
    """Who noticed ("" if nobody) and what was said."""

    by: str
    said: str


class Bench:
    """A copy of the program in which rules can be taken out."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.tree.mkdir()
        skipped = shutil.ignore_patterns("__pycache__")
        for name in ("migdesk", "tests"):
            shutil.copytree(ROOT / name, self.tree / name, ignore=skipped)
        for name in ("resources", "translations", "packaging"):
            (self.tree / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "pyproject.toml", self.tree)
        self.start = folder / "start"
        self.env = {**os.environ, "PYTHONPATH": str(self.tree), "TMPDIR": str(folder)}
        self._run("-c", _MAKE_START, str(self.start))

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of the program without a rule."""
        path = self.tree / mutant.file
        whole = path.read_text(encoding="utf-8")
        try:
            path.write_text(mutant.applied(whole), encoding="utf-8")
            return self.look()
        finally:
            path.write_text(whole, encoding="utf-8")

    def look(self) -> Verdict:
        """What the tests say of the copy as it is."""
        merge = self._run("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", _MERGE)
        if merge.returncode:
            return Verdict("merge", _last(merge, "FAILED", "ERROR"))
        story = ("-m", "tests.exchange.story", FIRST, STORIES, STEPS, self.start)
        told = self._run(*map(str, story))
        if told.returncode:
            return Verdict("model", _last(told, "seed", "Error"))
        return Verdict("", "")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-B", "-W", "ignore", *arguments]
        try:
            return subprocess.run(
                command, cwd=self.tree, env=self.env, capture_output=True, text=True,
                timeout=PATIENCE_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, "Error: took too long", "")


_MERGE = "tests/sync/test_merge.py"
_MAKE_START = """
import sys
from pathlib import Path
from tests.exchange.model import an_office
an_office(Path(sys.argv[1]))
"""


def _last(done: subprocess.CompletedProcess[str], *words: str) -> str:
    lines = (done.stdout + done.stderr).splitlines()
    told = [line for line in lines if any(word in line for word in words)]
    return " ".join((told or lines or [""])[-1].split())[:110]


def main(words: Sequence[str]) -> int:
    """Judge all of them, or those with one of the words in their name."""
    chosen = [each for each in MUTANTS if not words or any(w in each.name for w in words)]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="migdesk-mutants-") as folder:
        bench = Bench(Path(folder))
        whole = bench.look()
        if whole.by:
            print(f"The program as it is does not pass: {whole.by}: {whole.said}")
            return 2
        for each in chosen:
            verdict = bench.judge(each)
            survived += not verdict.by
            print(f"{verdict.by or 'SURVIVED':9} {each.name:50} {verdict.said}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} were noticed")
    return min(survived, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
