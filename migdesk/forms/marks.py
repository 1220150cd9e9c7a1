"""Words that a designer marked: **bold**, *slanted*, # headings, [words](address)."""

from __future__ import annotations

import html
import re

_MARKED = re.compile(r"\*\*|__|(?<!\w)[*_]\S|^#{1,6} |\]\(|</?\w+[^>]*>|\\[*_#]", re.MULTILINE)
_RULES = (
    (re.compile(r"^#{1,6} +(.+?)#*$", re.MULTILINE), r"<b>\1</b>"),
    (re.compile(r"\*\*(\S(?:.*?\S)?)\*\*", re.DOTALL), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)__(\S(?:.*?\S)?)__(?!\w)", re.DOTALL), r"<b>\1</b>"),
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*?\S)?)\*(?![\w*])"), r"<i>\1</i>"),
    (re.compile(r"(?<!\w)_(\S(?:[^_\n]*?\S)?)_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\s]*\)"), r"<u>\1</u>"),
)
_TAG = re.compile(r"&lt;(/?)(b|i|u|strong|em|br|p|span|small|sub|sup)\b[^\n]*?&gt;", re.I)
_KEPT = {"strong": "b", "em": "i", "b": "b", "i": "i", "u": "u", "br": "br", "sub": "sub",
         "sup": "sup"}  # fmt: skip
_ESCAPED = re.compile(r"\\([*_#])")


def rich(text: str) -> str:
    """The same as rich text; "" where nothing is marked. Of tags only those for the shape
    of letters are kept; colours are the theme's, addresses are shown as words."""
    if not _MARKED.search(text):
        return ""
    held = _ESCAPED.sub(lambda found: f"&#{ord(found[1])};", html.escape(text, quote=False))
    made = _TAG.sub(_tag, held)
    for rule, instead in _RULES:
        made = rule.sub(instead, made)
    return made.replace("\n", "<br>")


def _tag(found: re.Match[str]) -> str:
    name = _KEPT.get(found[2].lower(), "")
    return f"<{found[1]}{name}>" if name else ""


def bare(text: str) -> str:
    """The words alone, for what is painted on one line or spoken."""
    made = rich(text)
    if not made:
        return text
    return html.unescape(re.sub(r"<[^>]+>", "", made.replace("<br>", "\n")))
