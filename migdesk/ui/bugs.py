"""Our own bugs: a code that leads to one line, a trace without a word of anybody's data.

The message of an exception is never kept: a driver's message quotes the values it was
given.
"""

from __future__ import annotations

import faulthandler
import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

from migdesk import __version__

log = logging.getLogger("migdesk")


def code_of(error: BaseException) -> str:
    """Short code of a bug: kind of error, file and line, as in ``KeyError-store-154``."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "migdesk" in Path(frame.filename).parts] or frames
    place = f"-{Path(ours[-1].filename).stem}-{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


def trace_of(error: BaseException) -> str:
    """Files, lines and functions that led to a bug, and nothing of the data."""
    lines = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    cause = error.__cause__ or error.__context__
    before = f"{trace_of(cause)}\n" if cause is not None else ""
    return before + "\n".join([type(error).__name__, *lines])


def note(error: BaseException) -> str:
    """Write a bug to the log; returns its code."""
    code = code_of(error)
    log.error("bug %s\n%s", code, trace_of(error))
    return code


def log_to(path: Path) -> None:
    """Codes and ids only; a crash of Qt itself leaves its trace beside."""
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.info("start %s", __version__)
    faulthandler.enable(path.with_suffix(".crash").open("w", encoding="utf-8"))
