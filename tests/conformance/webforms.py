"""The engine of ODK Web Forms as a process, in node, without a browser.

Its package is fetched by npm and checked against its pinned digest; jsdom, which stands for
the browser, by `npm ci` from the pinned digests of `webforms-lock.json`. Both lie in the
cache. The small program beside this file plays the scripts.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.conformance.corpora import NotFetched, Source, archive
from tests.conformance.oracle import HERE, Engine, cache

ENGINE = Source(
    "webforms", "npm", "@getodk/xforms-engine@0.22.0",
    "cf28450b1d2987ea139b45f540b27f49c24e7621a43ccd6afa3ae488ce8eaf45",
)  # fmt: skip
LOCK = HERE / "webforms-lock.json"
HOW = "Web Forms needs node 18 or later. On Debian type: sudo apt-get install -y nodejs npm"


def available() -> bool:
    """Whether there is node and its client."""
    return shutil.which("node") is not None and shutil.which("npm") is not None


class WebForms(Engine):
    """ODK Web Forms. Raises NotFetched."""

    def __init__(self) -> None:
        program = str(HERE / "webforms.mjs")
        heap = "--max-old-space-size=3000"
        super().__init__(["node", heap, program, str(_engine()), str(_browser())])


def _engine() -> Path:
    """Folder of the engine's package, unpacked once."""
    folder = cache() / f"webforms-{ENGINE.sha256[:16]}"
    if not folder.exists():
        part = folder.with_suffix(".part")
        with tarfile.open(archive(ENGINE)) as pack:
            pack.extractall(part, filter="data")
        part.rename(folder)
    return folder / "package"


def _browser() -> Path:
    """Folder where jsdom is installed, made when the lock changes."""
    mark = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    folder = cache() / f"jsdom-{mark}"
    if not folder.exists():
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        shutil.copy(LOCK, part / "package-lock.json")
        wanted = json.loads(LOCK.read_text("utf-8"))["packages"][""]
        (part / "package.json").write_text(json.dumps(wanted), "utf-8")
        command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=part, capture_output=True, text=True)
        if done.returncode:
            raise NotFetched(f"jsdom: {(done.stderr or done.stdout).strip()[-200:]}")
        part.rename(folder)
    return folder
