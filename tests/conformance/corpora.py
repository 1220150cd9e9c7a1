"""Forms of other people, fetched at test time and never kept in the repository.

Each source is a package of a public registry, fetched by the registry's own client and
checked against its pinned digest. `forms()` gives every distinct form in it as XForm.
"""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from migdesk.forms.faults import FormFault
from migdesk.forms.xlsform import convert
from migdesk.forms.xml import MAX_BYTES
from tests.conformance.oracle import OUTSIDE, cache

ROOT = Path(__file__).resolve().parent.parent.parent
WORKBOOKS = (".xls", ".xlsx")


@dataclass(frozen=True)
class Source:
    """`client`: pip or npm."""

    name: str
    client: str
    package: str
    sha256: str


SOURCES = (
    Source(
        "pyxform", "pip", "pyxform==1.5.1",
        "84470899e2f4f2f14f268495ccb78158750116042c8e3f595833288d73eca53e",
    ),
    Source(
        "enketo-transformer", "npm", "enketo-transformer@1.43.0",
        "9ac0ba2cb25d35271fc34c54ea38fd11a96c90890d97cc9beeea3166ba58d3e0",
    ),
    Source(
        "enketo-core", "npm", "enketo-core@4.41.0",
        "7471fb2dd40afa6eb245e603694ed021f6422cc3488adf84c51eb19bf95fdc2b",
    ),
    Source(
        "cht", "npm", "cht-conf-test-harness@5.0.4",
        "fb4c873c956cccf5feba768f199474580749ccfaa27292c214b8da46f7a874d3",
    ),
)  # fmt: skip


@dataclass
class Given:
    """A form of a corpus. `fault`: why it has no XForm (the workbook was refused)."""

    corpus: str
    name: str
    xml: str = ""
    fault: str = ""
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.corpus}/{self.name}"


class NotFetched(Exception):
    """A package could not be had; its words say why."""


def archive(source: Source) -> Path:
    """The package's archive in the cache, fetched if need be. Raises NotFetched."""
    folder = cache() / "packages" / source.name
    found = next(folder.glob("*gz"), None) if folder.exists() else None
    if found is None:
        folder.mkdir(parents=True, exist_ok=True)
        found = _fetch(source, folder)
    digest = hashlib.sha256(found.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise NotFetched(f"{source.package}: another digest than the one pinned ({digest})")
    return found


def _fetch(source: Source, folder: Path) -> Path:
    if source.client == "pip":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--no-build-isolation", source.package]
    elif shutil.which("npm"):
        command = ["npm", "pack", "--silent", source.package]
    else:
        raise NotFetched(f"{source.package}: npm is not installed")
    done = subprocess.run(command, cwd=folder, env=OUTSIDE, capture_output=True, text=True)
    found = next(folder.glob("*gz"), None)
    if done.returncode or found is None:
        raise NotFetched(f"{source.package}: {done.stderr.strip()[-200:]}")
    return found


def forms(source: Source) -> Iterator[Given]:
    """Distinct forms of a source, by name. Raises NotFetched."""
    seen: set[str] = set()
    for given in sorted(_found(source), key=lambda g: g.name):
        mark = given.xml or given.fault + given.name
        if mark not in seen:
            seen.add(mark)
            yield given


def _found(source: Source) -> Iterator[Given]:
    with tarfile.open(archive(source)) as pack:
        for member in pack:
            path = Path(member.name)
            handle = pack.extractfile(member) if member.isfile() else None
            if handle is None or member.size > MAX_BYTES:
                continue
            if path.suffix == ".xml":
                text = handle.read().decode("utf-8", "replace")
                if "<h:html" in text or "<html" in text:
                    yield Given(source.name, _short(path), text)
            elif path.suffix in WORKBOOKS:
                yield _converted(source.name, _short(path), handle.read(), path.suffix)
            elif path.suffix == ".csv" and "example_xls" in path.parts:
                yield _converted(source.name, _short(path), handle.read(), ".csv")
            elif path.suffix == ".py" and path.name.startswith("test_"):
                for number, text in enumerate(_markdown(handle.read().decode()), 1):
                    name = f"{path.stem}-{number}.md"
                    yield _converted(source.name, name, text.encode(), ".md")


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _converted(corpus: str, name: str, data: bytes, kind: str) -> Given:
    kept = cache() / "xforms" / f"{hashlib.sha256(data).hexdigest()}{kind}.xml"
    if kept.exists():
        text = kept.read_text("utf-8")
    else:
        try:
            text = convert(data, kind).xml
        except FormFault as fault:
            text = f"!{fault.words}"
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, "utf-8")
    if text.startswith("!"):
        return Given(corpus, name, fault=text[1:])
    return Given(corpus, name, text)


def _markdown(source: str) -> Iterator[str]:
    """Workbooks written as text tables inside test programs."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = textwrap.dedent(node.value)
            if re.search(r"^\s*\|\s*survey", text, re.MULTILINE):
                yield text


def own_forms() -> Iterator[Given]:
    """The questionnaires that come with the program, and those beside this file."""
    folders = (ROOT / "resources/questionnaires", Path(__file__).parent / "forms")
    for path in sorted(p for folder in folders for p in folder.glob("*.md")):
        yield _converted("own", path.name, path.read_bytes(), ".md")
