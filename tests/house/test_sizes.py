"""Files and functions stay small; each exception says why it may be larger."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for room in ("migdesk", "packaging", "benchmarks")
    for path in sorted((ROOT / room).rglob("*.py"))
    # A migration is a frozen record of one step, and is never read as a whole.
    if "versions" not in path.parts
}
FILE_LINES = 400
FUNCTION_LINES = 40

# Path, or path:function → (lines allowed, reason).
EXCEPTIONS: dict[str, tuple[int, str]] = {}


def functions(name: str, source: str) -> dict[str, int]:
    """Lines of each function from `def` to its end, its docstring not counted."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            length = _lines(node) - (_lines(first) if ast.get_docstring(node) else 0)
            key = f"{name}:{node.name}"
            found[key] = max(length, found.get(key, 0))
    return found


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


SIZES = {name: len(source.splitlines()) for name, source in SOURCES.items()}
LENGTHS = {
    key: lines
    for name, source in SOURCES.items()
    for key, lines in functions(name, source).items()
}


def over(sizes: dict[str, int], limit: int) -> list[str]:
    return [
        f"{key}: {lines} lines"
        for key, lines in sizes.items()
        if lines > EXCEPTIONS.get(key, (limit, ""))[0]
    ]


def test_files_are_short() -> None:
    assert over(SIZES, FILE_LINES) == []


def test_functions_are_short() -> None:
    assert over(LENGTHS, FUNCTION_LINES) == []


def test_exceptions_are_still_needed() -> None:
    for key, (allowed, reason) in EXCEPTIONS.items():
        limit, sizes = (FUNCTION_LINES, LENGTHS) if ":" in key else (FILE_LINES, SIZES)
        assert reason, key
        assert limit < sizes.get(key, 0) <= allowed, f"{key} needs no exception any more"


def test_a_docstring_does_not_count() -> None:
    source = 'def f() -> None:\n    """One\n    two."""\n    return\n'
    assert functions("a.py", source) == {"a.py:f": 2}
