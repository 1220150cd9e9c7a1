"""JavaRosa as a process, and what any engine of reference is: scripts in, what it saw out.

JavaRosa lies whole inside the validator that the pyxform wheel carries. The small Java
program beside this file is compiled against it into the cache, once.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any, Self

import pyxform

HERE = Path(__file__).parent
OUTSIDE = dict(os.environ)
"""As it is when the tests begin: a journey has a home of its own, searched at its end."""
CACHES = Path(OUTSIDE.get("XDG_CACHE_HOME") or Path.home() / ".cache")
JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
SECONDS = 120
HOW = "JavaRosa needs a JDK. On Debian type: sudo apt-get install -y default-jdk-headless"


def cache() -> Path:
    """Folder for what is fetched and compiled, outside the repository."""
    folder = CACHES / "migdesk-conformance"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def available() -> bool:
    """Whether there is a Java compiler and the jar."""
    return (
        shutil.which("javac") is not None and shutil.which("java") is not None and JAR.exists()
    )


def classes() -> Path:
    """Folder of the compiled program, made when its source changed."""
    sources = sorted(HERE.glob("*.java"))
    mark = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    folder = cache() / f"classes-{mark}"
    if not folder.exists():
        part = folder.with_suffix(f".{os.getpid()}")
        command = ["javac", "-nowarn", "-cp", str(JAR), "-d", str(part), *map(str, sources)]
        subprocess.run(command, check=True)
        part.rename(folder)
    return folder


class Silent(Exception):
    """The engine did not answer in time, or ended."""


class Engine:
    """One process. `ask` sends a script and waits; after `Silent` it starts anew."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._process

    def send(self, script: dict[str, Any]) -> None:
        pipe = _pipe(self._start().stdin)
        pipe.write(json.dumps(script).encode() + b"\n")
        pipe.flush()

    def receive(self, seconds: float = SECONDS) -> dict[str, Any]:
        """The answer to the last script. Raises Silent."""
        pipe = _pipe(self._start().stdout)
        ready, _, _ = select.select([pipe], [], [], seconds)
        line = pipe.readline() if ready else b""
        if not line:
            self.close()
            raise Silent
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, script: dict[str, Any], seconds: float = SECONDS) -> dict[str, Any]:
        self.send(script)
        return self.receive(seconds)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Oracle(Engine):
    """JavaRosa."""

    def __init__(self, main: str = "Oracle") -> None:
        super().__init__(["java", "-Xss16m", "-cp", f"{JAR}{os.pathsep}{classes()}", main])


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
