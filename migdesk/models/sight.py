"""What of a database an account sees: its compartments, and the connections it reads by."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from . import RECORDS, sealing
from .sealing import Granted


class Sight:
    """Compartments of who is logged in, asked once until an account changes, and connections
    with walls, made by `connect` when first needed."""

    def __init__(self, connect: Callable[[], sa.Engine]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._granted: Granted = None
        self._known = ""  # the account for which that was asked
        self._behind: tuple[frozenset[str], str] = frozenset(), ""
        self._engine: sa.Engine | None = None

    def granted(self, engine: sa.Engine, actor: str) -> Granted:
        """Compartments of an account; None if it has all of them."""
        if self._known != actor:
            table = RECORDS["account"].model.__table__
            held = sa.select(table.c.compartments).where(table.c.id == actor)
            with engine.connect() as connection:
                given = frozenset[str](connection.scalar(held) or ())
            self.keep(None if given.issuperset(sealing.COMPARTMENTS) else given, actor)
        return self._granted

    def keep(self, granted: Granted, actor: str) -> None:
        """Go by this answer until an account changes."""
        with self._lock:
            self._granted, self._known = granted, actor

    def eyes(self, granted: frozenset[str]) -> sa.Engine:
        """Connections that hold nothing which the account may not see."""
        with self._lock:
            wanted = granted, self._known
            if self._engine is None or self._behind != wanted:
                self._leave()
                self._engine, self._behind = _walled(self._connect(), *wanted), wanted
            return self._engine

    def forget(self) -> None:
        """Ask again which compartments the account has."""
        self._known = ""

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self._leave()

    def _leave(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()


def _walled(engine: sa.Engine, granted: frozenset[str], actor: str) -> sa.Engine:
    """Connections on which views stand before what the account may not see."""

    @event.listens_for(engine, "connect")
    def _wall(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for sql in sealing.walls(engine.dialect.name, granted, actor):
            cursor.execute(sql)
        cursor.close()
        connection.commit()

    return engine
