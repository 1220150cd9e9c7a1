"""Text to tree: the whole grammar of XPath 1.0 by precedence climbing."""

from __future__ import annotations

import re
from functools import lru_cache

from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.ast import (
    DESCENDANTS,
    PARENT,
    SELF,
    Binary,
    Call,
    Expr,
    Literal,
    Negate,
    Number,
    Path,
    Step,
    Variable,
)
from migdesk.i18n import N_

MAX_DEPTH = 60
MAX_LENGTH = 100_000

_NAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<sign>//|::|\.\.|<=|>=|!=|[-+*/|=<>()\[\],.@$])
    )""",
    re.VERBOSE,
)
_POWER = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6, "|": 8,
}  # fmt: skip
_UNARY = 7
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
AXES = frozenset(
    ["child", "parent", "self", "attribute", "descendant", "descendant-or-self", "ancestor",
     "ancestor-or-self", "following-sibling", "preceding-sibling"]
)  # fmt: skip


class BadExpression(FormFault):
    code = "FRM-010"
    text = N_(
        "The expression “{expression}” cannot be read at “{near}”. "
        "Check brackets, quotes and operators there."
    )


class DeepExpression(FormFault):
    code = "FRM-011"
    text = N_("The expression is too long or too deeply nested. Split it into calculations.")


@lru_cache(maxsize=8192)
def parse(text: str) -> Expr:
    """Tree of `text`. Raises BadExpression or DeepExpression."""
    if len(text) > MAX_LENGTH:
        raise DeepExpression()
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.source = text
        self.tokens = self._lex(text)
        self.at = 0
        self.depth = 0

    def _lex(self, text: str) -> list[tuple[str, str, int]]:
        tokens, end, size = [], 0, len(text.rstrip())
        while end < size:
            found = _TOKEN.match(text, end)
            if found is None:
                raise self._bad(end)
            kind = found.lastgroup or ""
            tokens.append((kind, found[kind], found.start(kind)))
            end = found.end()
        tokens.append(("end", "", size))
        return tokens

    def _bad(self, position: int) -> BadExpression:
        near = self.source[position : position + 20].strip() or "…"
        return BadExpression(expression=self.source.strip()[:200], near=near)

    def _peek(self) -> str:
        kind, text, _ = self.tokens[self.at]
        return text if kind != "text" else ""

    def _next(self) -> tuple[str, str, int]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._bad(self.tokens[self.at][2])
        self.at += 1

    def whole(self) -> Expr:
        tree = self._expression(0)
        if self.tokens[self.at][0] != "end":
            raise self._bad(self.tokens[self.at][2])
        return tree

    def _expression(self, floor: int) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise DeepExpression()
        left = self._unary()
        while True:
            op = self._peek()
            power = _POWER.get(op, 0)
            if power <= floor:
                break
            self.at += 1
            left = Binary(op, left, self._expression(power))
        self.depth -= 1
        return left

    def _unary(self) -> Expr:
        if self._peek() == "-":
            self.at += 1
            return Negate(self._expression(_UNARY))
        return self._path()

    def _path(self) -> Expr:
        kind, text, _ = self.tokens[self.at]
        if kind == "sign" and text in ("/", "//"):
            return self._absolute()
        primary = self._primary()
        if primary is None:
            return Path(self._steps())
        predicates = self._predicates()
        steps: tuple[Step, ...] = ()
        if self._peek() in ("/", "//"):
            steps = self._more_steps([])
        if not predicates and not steps:
            return primary
        return Path(steps, base=primary, predicates=predicates)

    def _absolute(self) -> Expr:
        if self._next()[1] == "//":
            return Path((DESCENDANTS, *self._steps()), absolute=True)
        kind, text, _ = self.tokens[self.at]
        starts = kind == "name" or text in (".", "..", "@", "*")
        return Path(self._steps() if starts and kind != "text" else (), absolute=True)

    def _primary(self) -> Expr | None:
        """A literal, number, variable, call or bracket; None where a step begins."""
        kind, text, position = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return Number(float(text))
        if kind == "text":
            self.at += 1
            return Literal(text[1:-1])
        if kind == "name":
            called = self.tokens[self.at + 1][1] == "(" and text not in _NODE_TYPES
            return self._call() if called and self.tokens[self.at + 1][0] == "sign" else None
        if text == "(" and kind == "sign":
            self.at += 1
            inner = self._expression(0)
            self._take(")")
            return inner
        if text == "$":
            self.at += 1
            kind, name, position = self._next()
            if kind != "name":
                raise self._bad(position)
            return Variable(name)
        return None

    def _call(self) -> Call:
        name = self._next()[1]
        self._take("(")
        args: list[Expr] = []
        if self._peek() != ")":
            args.append(self._expression(0))
            while self._peek() == ",":
                self.at += 1
                args.append(self._expression(0))
        self._take(")")
        return Call(name, tuple(args))

    def _steps(self) -> tuple[Step, ...]:
        return self._more_steps([self._step()])

    def _more_steps(self, steps: list[Step]) -> tuple[Step, ...]:
        while (sign := self._peek()) in ("/", "//"):
            self.at += 1
            if sign == "//":
                steps.append(DESCENDANTS)
            steps.append(self._step())
        return tuple(steps)

    def _step(self) -> Step:
        kind, text, position = self._next()
        if kind == "sign" and text in (".", ".."):
            short = SELF if text == "." else PARENT
            predicates = self._predicates()
            return Step(short.axis, short.test, predicates) if predicates else short
        axis = "child"
        if kind == "sign" and text == "@":
            axis = "attribute"
            kind, text, position = self._next()
        elif kind == "name" and self._peek() == "::":
            if text not in AXES:
                raise self._bad(position)
            axis = text
            self.at += 1
            kind, text, position = self._next()
        if kind != "name" and not (kind == "sign" and text == "*"):
            raise self._bad(position)
        if text in _NODE_TYPES and self._peek() == "(":
            self.at += 1
            self._take(")")
            text = f"{text}()"
        return Step(axis, text, self._predicates())

    def _predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self._peek() == "[":
            self.at += 1
            found.append(self._expression(0))
            self._take("]")
        return tuple(found)
