"""A record type is declared once: the class attribute is column and field together.

    class Visit(Record):
        __kind__ = "visit"
        person: Mapped[str] = field(Link(to="person"), N_("Person"), column=1)

From the declaration follow the list, the form, search, history, print, export,
import and exchange. Nothing else needs to know the names of the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from migdesk.i18n import N_, Text
from migdesk.ops import DELETED, ERASED, MERGED

from .kinds import Kind, Link

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; constraint names by convention so that migrations can name them."""

    metadata = sa.MetaData(naming_convention=NAMES)


@dataclass(frozen=True)
class Field:
    """One field of a record type.

    `column` is its place in the list (0: not shown at first); `weight` makes search
    read it (higher counts more); `secret` marks what restricted papers leave out:
    "" , "personal" or "restricted". `both` names the field that takes the other
    value when a person keeps both sides of a conflict. `quiet`: of two values that did
    not know each other the later one stands, and nobody is asked. `compartment`: only who
    was given it reads the field (``secret="restricted"`` means *protection*). `writers`:
    roles that may write the field, if not all that may write the record. `begins`: what a
    form begins with, *today* or *me*, the account that writes; what comes from a table or
    another office does not. `fresh`: months for which the day on which something was verified
    holds.
    """

    name: str
    kind: Kind
    label: Text
    section: str = ""
    column: int = 0
    weight: int = 0
    secret: str = ""
    required: bool = False
    readonly: bool = False
    hidden: bool = False
    default: Any = None
    hint: Text | None = None
    both: str = ""
    quiet: bool = False
    wide: bool = False
    compartment: str = ""
    writers: frozenset[str] = frozenset()
    begins: Literal["", "today", "me"] = ""
    fresh: int = 0

    @property
    def sealed(self) -> str:
        """Compartment of who may read this field, "" if everybody may."""
        return self.compartment or ("protection" if self.secret == "restricted" else "")


def field(kind: Kind, label: Text, *, index: bool = False, **options: Any) -> Mapped[Any]:
    """Declare a field: its database column and all that screens need to know of it."""
    ordered = index or (isinstance(kind, Link) and kind.own)
    info = {"field": (kind, label, options), "ordered": ordered}
    column: Mapped[Any] = mapped_column(kind.column(), nullable=True, info=info)
    return column


HEADS = frozenset({"office_head", "agency", "administrator"})
STAFF = HEADS | {"agent"}
ANYONE = STAFF | {"enumerator"}


class Record(Base):
    """A row that is exchanged. Business columns are nullable: an office may know little,
    and a row may arrive before the record that it points to."""

    __abstract__ = True
    __kind__: ClassVar[str]
    __label__: ClassVar[Text]
    __plural__: ClassVar[Text]
    __sections__: ClassVar[Mapping[str, Text]] = {}
    __prefix__: ClassVar[str] = ""
    __order__: ClassVar[str] = "-id"
    __main__: ClassVar[bool] = False
    __merges__: ClassVar[bool] = False
    """Whether two rows may turn out to be one, and be merged."""
    __writers__: ClassVar[frozenset[str]] = STAFF
    """Roles (codes of the list `roles`) that may write such rows."""
    __compartment__: ClassVar[str] = ""
    """Code of the list `compartments`: only who was given it knows of such rows. Of one row
    its own field `compartment` says so."""

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, sort_order=-10)
    deleted: Mapped[bool] = mapped_column(
        sa.Boolean(), default=False, server_default=sa.false(), sort_order=-9
    )
    stamps: Mapped[dict[str, Any]] = mapped_column(sa.JSON(), default=dict, sort_order=-8)
    merged: Mapped[str | None] = mapped_column(sa.String(36), sort_order=-7)
    """Id of the row that stays in place of this one."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # With the id behind it, an index gives a page of a list in its order as it lies.
        columns = cls.__table__.columns
        for column in columns:
            if column.info.get("ordered"):
                sa.Index(None, column, columns["id"])
        # The bin is small: what is not in it is counted without reading the rows.
        sa.Index(f"ix_{cls.__tablename__}_bin", columns["id"], sqlite_where=sa.text("deleted"))
        if cls.__merges__:
            merged = columns["merged"]
            # PostgreSQL has the same (migrations): naming it here would load its dialect,
            # 3 MB that a file never needs.
            sa.Index(None, merged, sqlite_where=merged.is_not(None))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Name of one record for a person, from its stored values."""
        return str(values.get("name") or values.get("title") or values.get("code") or "")

    @staticmethod
    def born(values: dict[str, Any]) -> dict[str, Any]:
        """Values of a new record, with what follows from the others."""
        return values

    @staticmethod
    def masked_by(values: Mapping[str, Any]) -> str:
        """Compartment without which the personal fields of a row are masked, "" for none."""
        return ""


@dataclass(frozen=True)
class RecordType:
    """What a Record class declares, as data."""

    kind: str
    model: type[Record]
    label: Text
    plural: Text
    fields: Mapping[str, Field]
    sections: Mapping[str, Text]
    owner: str
    title: Callable[[Mapping[str, Any]], str]
    prefix: str
    order: str
    main: bool
    merges: bool
    writers: frozenset[str]
    compartment: str
    born: Callable[[dict[str, Any]], dict[str, Any]]
    masked_by: Callable[[Mapping[str, Any]], str]

    @cached_property
    def masks(self) -> bool:
        """Whether rows may be masked."""
        return self.masked_by is not Record.masked_by

    @cached_property
    def guarded(self) -> Mapping[str, frozenset[str]]:
        """Fields that fewer roles write than write the record."""
        return {f.name: f.writers for f in self.fields.values() if f.writers}

    @cached_property
    def sealed(self) -> Mapping[str, str]:
        """Fields that only some accounts read, each with its compartment."""
        return {f.name: f.sealed for f in self.fields.values() if f.sealed}

    @cached_property
    def columns(self) -> list[Field]:
        """Fields shown in the list at first, in order."""
        shown = [f for f in self.fields.values() if f.column]
        return sorted(shown, key=lambda f: f.column)

    @cached_property
    def ordered(self) -> frozenset[str]:
        """Fields by which an index gives the list in order, however long it is."""
        columns = self.model.__table__.columns
        return frozenset(c.name for c in columns if c.info.get("ordered"))

    @cached_property
    def searched(self) -> list[Field]:
        """Fields that search reads, heaviest first."""
        return sorted((f for f in self.fields.values() if f.weight), key=lambda f: -f.weight)

    @cached_property
    def types(self) -> dict[str, tuple[type, ...]]:
        """Types of value that an op may give to each field, as JSON has them."""
        none = type(None)
        also: dict[type, tuple[type, ...]] = {float: (float, int)}
        found: dict[str, tuple[type, ...]] = {DELETED: (bool,), ERASED: (bool,)}
        found[MERGED] = (str, none)
        for name, declared in self.fields.items():
            stored = list if declared.kind.many else declared.kind.column().python_type
            found[name] = (*also.get(stored, (stored,)), none)
        return found

    @cached_property
    def fitting(self) -> frozenset[tuple[str, type]]:
        """`types` as pairs: most ops are found to fit with one look."""
        return frozenset((name, each) for name, found in self.types.items() for each in found)

    @cached_property
    def quiet(self) -> frozenset[str]:
        """Fields of whose conflicts nobody is asked."""
        return frozenset(f.name for f in self.fields.values() if f.quiet)

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """Weight of each field that search reads."""
        return tuple(f.weight for f in self.searched)

    def __getitem__(self, name: str) -> Field:
        return self.fields[name]


def record_type(model: type[Record]) -> RecordType:
    """Read the declaration of a Record class."""
    fields: dict[str, Field] = {}
    owner = ""
    for column in model.__table__.columns:
        if "field" not in column.info:
            continue
        kind, label, options = column.info["field"]
        fields[column.name] = Field(column.name, kind, label, **options)
        if isinstance(kind, Link) and kind.own:
            owner = column.name
    return RecordType(
        kind=model.__kind__,
        model=model,
        label=model.__label__,
        plural=model.__plural__,
        fields=fields,
        sections={"": N_("General"), **model.__sections__},
        owner=owner,
        title=model.name_of,
        prefix=model.__prefix__,
        order=model.__order__,
        main=model.__main__,
        merges=model.__merges__,
        writers=model.__writers__,
        compartment=model.__compartment__,
        born=model.born,
        masked_by=model.masked_by,
    )
