"""What a territory makes, and the way from there to who buys it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Choice, Choices, Kind, Link, LongText, Money, Number, Place


class ValueChain(Record):
    """A product of the territory, from what it is made of to who buys it."""

    __tablename__ = "value_chain"
    __kind__ = "value_chain"
    __label__ = N_("Value chain")
    __plural__ = N_("Value chains")
    __order__ = "name"
    __main__ = True
    __sections__: ClassVar = {"fits": N_("Does it suit the territory?")}

    name: Mapped[str | None] = field(
        Kind(), N_("Product"), column=1, weight=8, required=True, index=True
    )
    sector: Mapped[str | None] = field(Choice(codes="business_sectors"), N_("Sector"), column=2)
    place: Mapped[str | None] = field(Place(), N_("Territory"), column=3)
    unit: Mapped[str | None] = field(Kind(), N_("Unit"), hint=N_("kg, tray, bag …"))
    producers: Mapped[int | None] = field(Number(low=0), N_("Producers"), column=4)
    volume: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("Units produced in a year"), column=5
    )
    label: Mapped[str | None] = field(Kind(), N_("Label or certification"), column=6)
    markets: Mapped[list[str] | None] = field(
        Choices(codes="chain_markets"), N_("Markets"), column=7
    )
    credit: Mapped[str | None] = field(
        LongText(), N_("Credit that producers can get"), wide=True
    )
    natural: Mapped[str | None] = field(
        LongText(), N_("Land, water, climate, know-how"), section="fits", wide=True
    )
    demand: Mapped[str | None] = field(
        LongText(), N_("Demand, here and abroad"), section="fits", wide=True
    )
    migrants: Mapped[str | None] = field(
        LongText(), N_("What migrants can bring"), section="fits", wide=True
    )
    verdict: Mapped[str | None] = field(LongText(), N_("Conclusion"), section="fits", wide=True)


class ChainLink(Record):
    """A step of a chain: who does it, at what price it takes the product in and gives it on."""

    __tablename__ = "chain_link"
    __kind__ = "chain_link"
    __label__ = N_("Link of the chain")
    __plural__ = N_("Links of the chain")
    __order__ = "id"

    chain: Mapped[str | None] = field(
        Link(to="value_chain", own=True), N_("Value chain"), hidden=True
    )
    stage: Mapped[str | None] = field(
        Choice(codes="chain_stages"), N_("Step"), column=1, required=True
    )
    who: Mapped[str | None] = field(Kind(), N_("Who does it"), column=2)
    number: Mapped[int | None] = field(Number(low=0), N_("How many"), column=3)
    bought: Mapped[str | None] = field(Money(), N_("Costs them, for one unit"), column=4)
    sold: Mapped[str | None] = field(Money(), N_("Sold on, for one unit"), column=5)
    difficulty: Mapped[str | None] = field(Kind(), N_("What is difficult"))
    chance: Mapped[str | None] = field(Kind(), N_("What could be gained"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The step."""
        return Choice(codes="chain_stages").show(values.get("stage"))
