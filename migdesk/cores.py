"""A program that dies leaves nothing of its memory on a disk.

What is in memory is what is shown: names, answers, the key of the database. Systems write it
to a file when a process crashes, or hand it to a service that sends it away.
"""

from __future__ import annotations

import sys

_PR_SET_DUMPABLE = 4
"""Linux, prctl(2): a process that is not dumpable leaves no core, whoever collects them
(a limit of size is not heard by a collector that is fed through a pipe), and other programs
of the same user cannot read its memory."""
_SEM_NOGPFAULTERRORBOX = 0x2
_WER_FAULT_REPORTING_FLAG_NOHEAP = 0x1
"""Windows: no report of an error; where one is made all the same, none of the heap in it."""


def forbid() -> None:
    """No core dump of this process, nor of those that it starts, wherever the system can be
    told so; to be called before anything is read."""
    if sys.platform == "win32":
        _forbid_reports()
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _forbid_reports() -> None:
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.SetErrorMode(kernel.GetErrorMode() | _SEM_NOGPFAULTERRORBOX)
    kernel.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP)
