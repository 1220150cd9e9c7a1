"""Fuzzing led by coverage, where atheris (Linux) installs; it is no dependency of ours.

    python -m tests.conformance.guided expressions -max_total_time=60
    python -m tests.conformance.guided forms -max_total_time=60

What libFuzzer understands follows the word. It stops at the first crash, at anything that
takes longer than `-timeout` (here one second, as the engine promises), or at the end.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>F</h:title><model><instance>
<data id="f"><a>1</a><b/><r jr:template=""><c/></r><r><c>2</c></r></data></instance>
<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="string" {rule}="{words}"/>
<bind nodeset="/data/r/c" type="decimal"/></model></h:head><h:body><input ref="/data/a"/>
<input ref="/data/b"/><group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/c"/>
</repeat></group></h:body></h:html>"""
RULES = ("calculate", "relevant", "constraint", "required", "readonly")


def expressions(data: bytes) -> None:
    """Any text is parsed and printed to the same, or refused."""
    _loaded("tests.conformance.fuzz").parse_one(data.decode("utf-8", "replace"))


def forms(data: bytes) -> None:
    """A form with any rule is refused, or filled; raw bytes are never a crash."""
    engine = _loaded("migdesk.forms")
    words = data[1:].decode("utf-8", "replace")
    plain = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    rule = RULES[data[0] % len(RULES)] if data else RULES[0]
    for xml in (FORM.format(rule=rule, words=plain), words):
        try:
            run = engine.Run(engine.Form.load(xml))
            run.set("/data/a", "7")
            run.draft()
        except engine.FormFault:
            continue


def _loaded(name: str) -> Any:
    return sys.modules[name]


TARGETS = {"expressions": expressions, "forms": forms}


def main() -> int:
    """Fuzz one target; the rest of the line is libFuzzer's."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        print(__doc__)
        return 2
    try:
        atheris = import_module("atheris")
    except ImportError:
        print("pip install atheris")
        return 2
    with atheris.instrument_imports(include=["migdesk.forms"]):
        import_module("tests.conformance.fuzz")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup([sys.argv[0], "-timeout=1", *sys.argv[1:]], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
