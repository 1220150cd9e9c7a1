"""Small parts that pages are made of. No part has a colour of its own: the style sheet
of `migdesk.ui.theme` reads their dynamic properties."""

from .buttons import Button, PrimaryButton
from .message_bar import MessageBar
from .page_parts import (
    EmptyState,
    FlowRow,
    PageHeader,
    Stage,
    StageBar,
    Tabs,
    empty,
    page_column,
    scrolled,
)
from .row_list import Row, RowList
from .search_field import SearchField
from .styled import Badge, Card, ElidedLabel, KeyHint, Pill, label, set_property

__all__ = [
    "Badge",
    "Button",
    "Card",
    "ElidedLabel",
    "EmptyState",
    "FlowRow",
    "KeyHint",
    "MessageBar",
    "PageHeader",
    "Pill",
    "PrimaryButton",
    "Row",
    "RowList",
    "SearchField",
    "Stage",
    "StageBar",
    "Tabs",
    "empty",
    "label",
    "page_column",
    "scrolled",
    "set_property",
]
