"""Power that goes off: what was not yet synced may be on the disk, or not, or half.

The injector keeps a trace of every change of a file. From it, the disk is made again as it
may lie there at a moment: all that a file was given before it was last synced, and of the
rest each sector as chance will have it, in any order. Names (a file made, renamed or removed)
count as kept at once, as a journalling file system keeps them in their order.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import lab
from tests.faults.lab import Ended, Lab
from tests.faults.test_disk import TEMPLATES, bench, disk, templates, tools

__all__ = ["bench", "disk", "templates", "tools"]

SECTOR = 512


@dataclass(frozen=True)
class Event:
    """A call: write, sync, cut, make, empty, unlink, rename; or mark, an acknowledgement."""

    what: str
    path: str
    other: str
    offset: int
    data: bytes


def events(trace: Path) -> Iterator[Event]:
    with trace.open("rb") as file:
        while line := file.readline():
            what, path, other, offset, size = line.decode().rstrip("\n").split("\t")
            yield Event(what, path, other, int(offset), file.read(int(size)))


@dataclass
class Disk:
    """Files as they lie there for sure, and what they were given since."""

    sure: dict[str, bytearray] = field(default_factory=dict)
    loose: dict[str, list[Event]] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        match event.what:
            case "make":
                self.sure.setdefault(event.path, bytearray())
            case "empty":
                self.sure[event.path] = bytearray()
                self.loose.pop(event.path, None)
            case "write" | "cut":
                self.loose.setdefault(event.path, []).append(event)
            case "sync":
                self._sync(event.path)
            case "unlink":
                self.sure.pop(event.path, None)
                self.loose.pop(event.path, None)
            case "rename":
                self.sure[event.other] = self.sure.pop(event.path, bytearray())
                self.loose[event.other] = self.loose.pop(event.path, [])

    def _sync(self, path: str) -> None:
        for event in self.loose.pop(path, []):  # none for a folder
            change(self.sure.setdefault(path, bytearray()), event)

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes]:
        """What may be found when the power is back."""
        found = {path: bytearray(data) for path, data in self.sure.items()}
        for path, given in self.loose.items():
            file = found.setdefault(path, bytearray())
            pieces = [piece for event in given for piece in sectors(event)]
            rng.shuffle(pieces)
            for piece in pieces:
                if rng.random() < 0.5:
                    change(file, piece)
        return {path: bytes(file) for path, file in found.items()}


def sectors(event: Event) -> Iterator[Event]:
    """A write in the pieces that a disk writes whole."""
    if event.what == "cut":
        yield event
    for start in range(0, len(event.data), SECTOR):
        part = event.data[start : start + SECTOR]
        yield Event("write", event.path, "", event.offset + start, part)


def change(file: bytearray, event: Event) -> None:
    if event.what == "cut":
        del file[event.offset :]
        file.extend(bytes(event.offset - len(file)))
    else:
        file.extend(bytes(max(event.offset - len(file), 0)))
        file[event.offset : event.offset + len(event.data)] = event.data


def cut_everywhere(bench: Lab, template: Path, do: str, trace: Path, cuts: int) -> None:
    """The power goes off at so many moments of a piece of work."""
    home = bench.home(template)
    disk = Disk()
    for path in (p for p in home.rglob("*") if p.is_file()):
        disk.sure[str(path)] = bytearray(path.read_bytes())
    folders = [path for path in home.rglob("*") if path.is_dir()]
    ended = bench.work(do, home, trace=str(trace))
    assert ended.bugs == () and ended.acks
    told = list(events(trace))
    assert len({event.what for event in told}) > 3
    rng = random.Random(7)
    moments = set(rng.sample(range(len(told)), min(cuts, len(told)))) | {len(told) - 1}
    acks: list[str] = []
    for moment, event in enumerate(told):
        disk.take(event)
        acks += [event.path] if event.what == "mark" else []
        if moment in moments:
            shutil.rmtree(home)
            for folder in (home, *folders):
                folder.mkdir(parents=True, exist_ok=True)
            for path, data in disk.after_a_cut(rng).items():
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).write_bytes(data)
            try:
                lab.sound(home, Ended(True, tuple(acks), (), (), 0))
            except AssertionError as error:
                raise AssertionError(f"{do}, at {moment} of {len(told)}") from error


def test_a_save_survives_a_power_cut(
    bench: Lab, templates: Callable[[str], Path], tmp_path: Path
) -> None:
    cut_everywhere(bench, templates("save"), "save", tmp_path / "trace", 20)


@pytest.mark.soak
@pytest.mark.parametrize("do", list(TEMPLATES))
def test_all_work_survives_power_cuts(
    bench: Lab, templates: Callable[[str], Path], tmp_path: Path, do: str
) -> None:
    cut_everywhere(bench, templates(do), do, tmp_path / "trace", 2_000)
