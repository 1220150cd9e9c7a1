"""Schema versions. `KNOWN` lists every revision that this program can open, "" is an
empty file. Alembic is imported only when there is something to migrate."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

KNOWN = ("", "0001")
HEAD = KNOWN[-1]


def upgrade(engine: sa.Engine, revision: str = HEAD) -> None:
    """Bring the schema to `revision` in one transaction: all of it or nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with (
        engine.connect().execution_options(migdesk_write=True) as connection,
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
