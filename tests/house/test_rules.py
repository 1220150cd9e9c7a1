"""Rules of the house that no linter knows: faults, promises, words, Qt."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "migdesk").rglob("*.py"))
}

# The two places where a bug ends up: shown to the person, and written to the log.
CATCH_ALL = ("migdesk/ui/runner.py", "migdesk/app.py")
PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b|(?i:coming soon)")
MARKS = {"_": 1, "N_": 1, "ngettext": 2}
Rule = Callable[[str], Iterator[int]]
BELOW_UI = ("jobs", "services", "models", "forms", "printing", "sync")


def broad_handlers(source: str) -> Iterator[int]:
    """Lines of ``except Exception``, ``except BaseException`` and bare ``except``.
    One that raises again after cleaning up hides nothing and is left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            last = node.body[-1]
            if not (isinstance(last, ast.Raise) and last.exc is None):
                yield node.lineno


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException")
    )


def unmarked(source: str) -> Iterator[int]:
    """Lines where words are marked that the extractor cannot read: not plain text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = node.args[: MARKS.get(node.func.id, 0)]
            if not all(isinstance(word, ast.Constant) for word in words):
                yield node.lineno


def too_early(source: str) -> Iterator[int]:
    """Lines where words are translated while a module is imported, when nobody knows
    the language yet."""
    yield from _outside_functions(ast.parse(source))


def _outside_functions(node: ast.AST) -> Iterator[int]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        called = child.func if isinstance(child, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in ("_", "ngettext"):
            yield called.lineno
        yield from _outside_functions(child)


def promises(source: str) -> Iterator[int]:
    """Lines that put off what should be done."""
    for number, line in enumerate(source.splitlines(), start=1):
        if PROMISES.search(line):
            yield number


def found(rule: Rule, skip: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{line}"
        for name, source in CODE.items()
        if name not in skip
        for line in rule(source)
    ]


def test_only_two_places_catch_everything() -> None:
    assert found(broad_handlers, skip=CATCH_ALL) == []


def test_nothing_is_put_off() -> None:
    assert found(promises) == []


def test_marked_words_are_plain_text() -> None:
    assert found(unmarked, skip=("migdesk/i18n.py",)) == []


def test_words_are_translated_when_shown() -> None:
    assert found(too_early) == []


def test_fault_codes_are_unique() -> None:
    """A code leads from a report to one place."""
    pattern = re.compile(r'^    code(?:: ClassVar\[str\])? = "([A-Z]{3}-\d{3})"', re.MULTILINE)
    codes = [code for source in CODE.values() for code in pattern.findall(source)]
    assert sorted(codes) == sorted(set(codes))
    assert "GEN-000" in codes


@pytest.mark.parametrize("room", BELOW_UI)
def test_no_qt_below_the_screen(room: str) -> None:
    """Not even through a library: importing the whole room loads no Qt."""
    program = (
        "import importlib, pkgutil, sys, migdesk\n"
        f"room = importlib.import_module('migdesk.{room}')\n"
        "for found in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "    if '.migrations' not in found.name:\n"
        "        importlib.import_module(found.name)\n"
        "sys.exit(sum(name.startswith(('PySide6', 'shiboken6')) for name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("rule", "source", "lines"),
    [
        (broad_handlers, "try:\n    f()\nexcept Exception:\n    pass", [3]),
        (broad_handlers, "try:\n    f()\nexcept (OSError, BaseException):\n    g()", [3]),
        (broad_handlers, "try:\n    f()\nexcept:\n    g()\n    raise", []),
        (broad_handlers, "try:\n    f()\nexcept OSError:\n    pass", []),
        (unmarked, "_(f'{x}')\nN_('a')\nngettext('a', b, n)", [1, 3]),
        (too_early, "A = _('a')\ndef f():\n    return _('b')\nB = lambda: _('c')", [1]),
        (too_early, "class A:\n    label = [_('a')]", [2]),
        (promises, "x = 1\n# Coming soon: more", [2]),
    ],
)
def test_the_rules_see_what_they_should(rule: Rule, source: str, lines: list[int]) -> None:
    assert list(rule(source)) == lines
