"""The words that search reads, and the full-text index over them.

Each record with weighted fields has one row in `search_doc`. A name gives its folded
word (`ndiaye`) and a sound key (`_nty`): West African and Maghrebi names are written in
many ways (Diallo/Jallow, Ndiaye/N'Diaye, Mamadou/Mamadu/Mohamadou), so that a typed
word matches a beginning of a word or the whole sound of one. Telephones give digits
from several starting points. On SQLite an FTS5 table with prefix indexes and triggers
follows `search_doc`; on PostgreSQL a GIN index over ``to_tsvector('simple', words)``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import permutations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from . import quick
from .spelling import called
from .spelling import sound as sound

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ŋ": "n",
        "ɓ": "b",
        "ɗ": "d",
        "ƴ": "y",
        "ɲ": "n",
    }
)
_NOT_WORD = re.compile(r"[\W_]+")
# The sign first, then what stands before it: it is found twice as fast.
_APOSTROPHES = re.compile(r"['’‘ʼ`´-](?<=\w.)(?=\w)")
# The international prefix of a telephone, not zeros inside a number or a code.
_PREFIX = re.compile(r"\+|(?<!\d)(?<!\d[\s.\-/])00(?=[1-9])")


def fold(text: str) -> str:
    """Lower case, no accents, apostrophes and hyphens inside words joined (``ndiaye``)."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _APOSTROPHES.sub("", text)


def split(text: str) -> list[str]:
    """Folded words of a text, in order."""
    if text.isascii() and text.isalnum():
        return [text.lower()]
    return [w for w in _NOT_WORD.split(fold(text)) if w]


def index_words(fields: Iterable[str]) -> str:
    """Content of `search_doc.words`: the `words_of` each field in the order of
    `RecordType.searched`. A bar, which no index reads, stands between the fields."""
    return " | ".join(fields).rstrip(" |")


def words_of(texts: Sequence[str], sounded: bool) -> str:
    """The words of one field; of names of people (`sounded`) also how they sound."""
    if len(texts) == 1:
        return _sounded(texts[0]) if sounded else _unlike(_pieces(texts[0], False))
    if _is_digits("".join(texts)):  # a telephone and its ends
        return _unlike(texts)
    return _unlike(word for text in texts for word in _pieces(text, sounded))


def _unlike(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))


@lru_cache(maxsize=20_000)
def _sounded(text: str) -> str:
    """Words of a field that holds one name: the same ones come again and again."""
    return _unlike(_pieces(text, True))


def _pieces(text: str, sounded: bool) -> tuple[str, ...]:
    """Words of one text."""
    if _is_digits(text):
        return (text,)
    words: list[str] = []
    parts = split(text)
    for word in parts:
        words.append(word)
        if sounded and word.isalpha() and (key := sound(word)):
            words.append(f"0{key}")
    if sounded and 1 < len(parts) <= 3 and any(len(p) <= 3 for p in parts):
        words.append("".join(parts))
    return tuple(words)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


Term = tuple[str, str]


def match_terms(typed: str) -> list[Term]:
    """(prefix, sound key or "") for each word typed; digits split by spaces are joined."""
    joined = re.sub(r"(?<=\d)[\s.\-/()]+(?=\d)", "", _PREFIX.sub(" ", typed))
    terms = []
    for word in split(joined)[:8]:
        digits = word.lstrip("0") if word.isdigit() and len(word) > 4 else word
        terms.append((digits or word, sound(word)))
    return terms


def readings(typed: str) -> list[list[Term]]:
    """Ways to read what was typed: as it is, and with a short particle joined to the
    word after it (``ben ali`` finds Benali, ``n diaye`` finds Ndiaye)."""
    terms = match_terms(typed)
    found = [terms]
    for i in range(len(terms) - 1):
        if len(terms[i][0]) <= 3:
            word = terms[i][0] + terms[i + 1][0]
            found.append([*terms[:i], (word, sound(word)), *terms[i + 2 :]])
    return found[:4]


def _fts5(terms: list[Term]) -> str:
    return " AND ".join(
        f'("{word}"* OR "0{key}")' if key else f'"{word}"*' for word, key in terms
    )


def _tsquery(terms: list[Term]) -> str:
    return " & ".join(
        f"('{word}':* | '0{key}')" if key else f"'{word}':*" for word, key in terms
    )


def find(
    session: Session, typed: str, kinds: Iterable[str] = (), limit: int = 60
) -> list[tuple[str, str, str]]:
    """(kind, id, words indexed) of at most `limit` records that match every word typed,
    newest first."""
    ways = readings(typed)
    if not ways[0]:
        return []
    values: dict[str, object] = {f"kind{n}": kind for n, kind in enumerate(kinds)}
    only = f"AND d.kind IN ({', '.join(f':{name}' for name in values)})" if values else ""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        sql = (
            'SELECT d.kind, d."row", d.words FROM search_fts f '
            "JOIN search_doc d ON d.id = f.rowid "
            f"WHERE search_fts MATCH :q {only} ORDER BY f.rowid DESC LIMIT :n"
        )
        query = " OR ".join(f"({_fts5(way)})" for way in ways)
    else:
        sql = (
            'SELECT d.kind, d."row", d.words FROM search_doc d '
            "WHERE to_tsvector('simple', d.words) "
            f"@@ to_tsquery('simple', :q) {only} ORDER BY d.id DESC LIMIT :n"
        )
        query = " | ".join(f"({_tsquery(way)})" for way in ways)
    return quick.rows(connection, sql, {"q": query, "n": limit, **values})


def near(
    session: Session, kind: str, names: Iterable[str], numbers: Iterable[str], limit: int
) -> list[str]:
    """Ids of records that share a name with one of `names` and all but begin like it in
    another, or have one of `numbers`: whom to compare with somebody new."""
    tests: dict[str, None] = {}
    for name in names:
        terms = match_terms(name)
        whole = [f"({_either(term)})" for term in terms]
        loose = [f'("{term[0][:3]}"* OR {_either(term)})' for term in terms]
        if len(terms) == 1:
            tests[f"({whole[0]})"] = None
        for n, m in permutations(range(len(terms)), 2):
            tests[f"({whole[n]} AND {loose[m]})"] = None
    for number in numbers:
        tests |= {f'("{word}"*)': None for word, _key in match_terms(number) if len(word) > 6}
    if not tests:
        return []
    connection = session.connection()
    asked = " OR ".join(tests)
    if connection.dialect.name == "sqlite":
        sql = (
            'SELECT d."row" FROM search_fts f JOIN search_doc d ON d.id = f.rowid '
            "WHERE search_fts MATCH :q AND d.kind = :kind ORDER BY f.rowid DESC LIMIT :n"
        )
    else:
        asked = _POSTGRES.sub(r"'\1':*", asked).replace('"', "'")
        asked = asked.replace(" AND ", " & ").replace(" OR ", " | ")
        sql = (
            'SELECT d."row" FROM search_doc d WHERE to_tsvector(\'simple\', d.words) '
            "@@ to_tsquery('simple', :q) AND d.kind = :kind ORDER BY d.id DESC LIMIT :n"
        )
    found = quick.rows(connection, sql, {"q": asked, "kind": kind, "n": limit})
    return [row for (row,) in found]


_POSTGRES = re.compile(r'"([^"]*)"\*')


def _either(term: Term) -> str:
    """A word, or any way in which who is called so is called."""
    word, key = term
    return " OR ".join([f'"{word}"*', *(f'"0{each}"' for each in called(key) if key)])


def create_index(connection: sa.Connection) -> None:
    """Create the full-text index over `search_doc` (called by the first migration)."""
    if connection.dialect.name != "sqlite":
        connection.execute(
            sa.text(
                "CREATE INDEX ix_search_doc_words ON search_doc "
                "USING gin (to_tsvector('simple', words))"
            )
        )
        return
    for sql in (
        "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_doc', "
        "content_rowid='id', prefix='1 2 3', detail='none', columnsize=0, "
        "tokenize='unicode61 remove_diacritics 0')",
        "CREATE TRIGGER search_doc_ai AFTER INSERT ON search_doc BEGIN "
        "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER search_doc_ad AFTER DELETE ON search_doc BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) "
        "VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER search_doc_au AFTER UPDATE OF words ON search_doc BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) "
        "VALUES ('delete', old.id, old.words); "
        "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
    ):
        connection.exec_driver_sql(sql)


_HELD = 'SELECT words FROM search_doc WHERE "row" = :row'
_ADD = 'INSERT INTO search_doc (kind, "row", words) VALUES (:kind, :row, :words)'
_CHANGE = 'UPDATE search_doc SET words = :words WHERE "row" = :row'
_DROP = 'DELETE FROM search_doc WHERE "row" = :row'


_ADD_ALL = (
    'INSERT INTO search_doc (kind, "row", words) '
    "SELECT :kind, value ->> 0, value ->> 1 FROM json_each(:docs)"
)


def add(connection: sa.Connection, kind: str, docs: Sequence[tuple[str, str]]) -> None:
    """Index records of a kind that are not in the index, given as (row, words). On SQLite in
    one statement: FTS5 writes a segment at the end of each, which costs six times as much
    as the words do."""
    if not docs:
        return
    if connection.dialect.name == "sqlite":
        quick.run(connection, _ADD_ALL, [{"kind": kind, "docs": json.dumps(docs)}])
    else:
        rows = [{"kind": kind, "row": row, "words": words} for row, words in docs]
        quick.run(connection, _ADD, rows)


_CHANGE_ALL = (
    "UPDATE search_doc SET words = doc.value ->> 1 FROM json_each(:docs) AS doc "
    'WHERE search_doc."row" = doc.value ->> 0'
)


def put_all(connection: sa.Connection, kind: str, docs: Mapping[str, str]) -> None:
    """Index records of a kind, row → words, as `put` does one: what is indexed with the same
    words stays as it is."""
    held = dict(quick.among(connection, 'SELECT "row", words FROM search_doc', '"row"', docs))
    wanted = {row: words for row, words in docs.items() if words}
    add(connection, kind, [pair for pair in wanted.items() if pair[0] not in held])
    other = [
        {"row": row, "words": words}
        for row, words in wanted.items()
        if held.get(row, words) != words
    ]
    if connection.dialect.name == "sqlite" and other:
        pairs = [(doc["row"], doc["words"]) for doc in other]
        quick.run(connection, _CHANGE_ALL, [{"docs": json.dumps(pairs)}])
    elif other:
        quick.run(connection, _CHANGE, other)
    if gone := [{"row": row} for row in held.keys() - wanted.keys()]:
        quick.run(connection, _DROP, gone)


ANEW = "INSERT INTO search_fts(search_fts) VALUES('rebuild')"
"""Makes the index of a file again from the words of the records."""


def forget(connection: sa.Connection) -> None:
    """After an erasure: the index keeps nothing of words that it lost. FTS5 notes a removal
    beside what it removes until both are merged; its option to remove at once looks through
    the whole list of a word for each, so that a change in one of 50,000 people of a town
    took 5 ms. It merges no more after some sixty times: `ANEW` is for that."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_fts(search_fts) VALUES('optimize')")


def put(connection: sa.Connection, kind: str, row: str, words: str, new: bool = False) -> None:
    """Index one record; no words removes it. `new`: the record was not here before."""
    held = None if new else quick.scalar(connection, _HELD, {"row": row})
    if held is None:
        if words:
            quick.run(connection, _ADD, [{"kind": kind, "row": row, "words": words}])
    elif not words:
        quick.run(connection, _DROP, [{"row": row}])
    elif held != words:
        quick.run(connection, _CHANGE, [{"row": row, "words": words}])
