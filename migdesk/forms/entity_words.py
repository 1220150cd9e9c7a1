"""What pyxform says of entities, in plain words. The first that fits counts."""

from __future__ import annotations

import re

from migdesk.i18n import N_, Text

REASONS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (
            r"To save entity properties using the save_to column",
            N_("“save_to” is filled, but there is no sheet “entities”. Add it with one row."),
        ),
        (
            r"save_to property '(?P<name>[^']*)' is already assigned by row '(?P<row>\d+)'",
            N_("row {row} saves to the property “{name}” too. Keep one."),
        ),
        (
            r"Groups and repeats can't be saved",
            N_("a group or a repeat cannot be saved to a property. Empty “save_to” here."),
        ),
        (
            r"entity list name '(?P<name>[^']*)' was not found on the entities sheet",
            N_("the entity list “{name}” is not on the sheet “entities”. Correct its name."),
        ),
        (
            r"entity list name '(?P<name>[^']*)' does not have a label",
            N_("the entity list “{name}” has no label. Write what its entities are called."),
        ),
        (
            r"entity list name '(?P<name>[^']*)' does not have an 'update_if'",
            N_(
                "the entity list “{name}” has create_if and entity_id, but no update_if. Say "
                "when an entity is changed, or leave entity_id blank."
            ),
        ),
        (
            r"entity list name '(?P<name>[^']*)' does not have an 'entity_id'",
            N_(
                "the entity list “{name}” has update_if, but no entity_id. Say which entity is "
                "changed."
            ),
        ),
        (
            r"When there is more than one entity declaration, 'save_to' names must be",
            N_("there are several entity lists: write “list#property” under “save_to”."),
        ),
        (
            r"Each container \(survey, group, repeat\) may have only one entity",
            N_(
                "two entities would lie in the same group. Put the questions of each into a "
                "group or repeat of its own."
            ),
        ),
        (
            r"entity list name '(?P<name>[^']*)' has a reference in container scope",
            N_(
                "the entity list “{name}” takes values from different repeats. Copy the value "
                "by a “calculate” into the repeat of the others."
            ),
        ),
        (
            r"'save_to' value must have at most one '#'",
            N_("“save_to” holds several #. Write “list#property”."),
        ),
        (
            r"'entities' sheet, one or more column names.*?pyxform: (?P<names>.*?)\. ",
            N_("these columns of the sheet “entities” are not known: {names}."),
        ),
        (
            r"'list_name' column must not have any duplicate",
            N_("two rows have the same list. Keep one row for each list."),
        ),
        (
            r"Names used here must not begin with two underscores",
            N_("the name must not begin with two underscores."),
        ),
        (
            r"Names used here must not contain a period",
            N_("the name must not hold a point."),
        ),
        (
            r"Names used here must not be 'name' or 'label'",
            N_("the property may be called neither “name” nor “label”. Choose another name."),
        ),
    )
)
