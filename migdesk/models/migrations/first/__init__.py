"""Tables of records in the first schema, told shortly: a file for each part of the work.

`{"referral": "person:link+ at:text+ urgent:bool"}`: fields with their types (text, link, int,
float, bool, list), ``+`` for an index that gives the list in order. What every record has is
added here. Frozen with the revision once it is released.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from . import accompany, money, protect, receive, refer, returnees, skills

Tables = Mapping[str, str]

TABLES: Tables = {
    **receive.TABLES,
    **accompany.TABLES,
    **money.TABLES,
    **skills.TABLES,
    **refer.TABLES,
    **returnees.TABLES,
    **protect.TABLES,
}


def _type(word: str) -> TypeEngine[Any]:
    types: dict[str, TypeEngine[Any]] = {
        "text": sa.Text(),
        "link": sa.String(36),
        "int": sa.BigInteger(),
        "float": sa.Float(),
        "bool": sa.Boolean(),
        "list": sa.JSON(none_as_null=True),
    }
    return types[word]


def record_tables(tables: Tables) -> None:
    """Create tables of records; `sa.exc.SQLAlchemyError` as the driver raises it."""
    for table, told in tables.items():
        parts = [word.partition(":") for word in told.split()]
        fields = {name: kind for name, _colon, kind in parts}
        op.create_table(
            table,
            sa.Column("id", sa.String(36), nullable=False),
            sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("stamps", sa.JSON(), nullable=False),
            sa.Column("merged", sa.String(36), nullable=True),
            *(
                sa.Column(name, _type(kind.rstrip("+")), nullable=True)
                for name, kind in fields.items()
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        for name in (name for name, kind in fields.items() if kind.endswith("+")):
            op.create_index(op.f(f"ix_{table}_{name}_id"), table, [name, "id"])
        op.execute(f'CREATE INDEX "ix_{table}_bin" ON "{table}" (id) WHERE deleted')
