"""Three finders of duplicates on the same rows: ours, splink (DuckDB) and recordlinkage.

Each is given what its own guide recommends: splink its comparisons for names and dates, term
frequencies, EM and random sampling; recordlinkage Jaro-Winkler and the ECM classifier. Both
know the errors of the data as well as we do: the columns compared are the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.duplicates_data import Data

Scored = tuple[Any, Any, Any]
"""Rows of each pair, the smaller first, and its probability, as arrays."""


def ours(data: Data) -> Scored:
    """The scorer of the program."""
    from migdesk.services.likeness_blocks import pairs
    from migdesk.services.likeness_score import probabilities
    from migdesk.services.likeness_sheet import Sheet

    sheet = Sheet(data.looks, data.rows)
    one, two = pairs(sheet)
    if data.left:
        across = (one < data.left) & (two >= data.left)
        one, two = one[across], two[across]
    return one, two, probabilities(sheet, one, two)


def _frame(data: Data) -> Any:
    """A table with None for what is unknown, the year of a birth beside it."""
    import pandas as pd

    frame = pd.DataFrame(data.rows)
    if "birth_text" in frame:
        frame["date_of_birth"] = frame["birth_text"]
        frame = frame.drop(columns="birth_text")
    else:
        frame["year"] = frame["birth"].str[:4].astype(float)
    frame = frame.astype(object).where(frame.notna() & (frame != ""), None)
    frame["unique_id"] = range(len(frame))
    frame["source_dataset"] = [int(n >= data.left) for n in range(len(frame))]
    return frame


# splink ---------------------------------------------------------------------------


def splink(data: Data) -> Scored:
    """Splink 5, on DuckDB."""
    import logging

    import numpy as np
    import splink as sp
    import splink.comparison_library as cl

    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = _frame(data)
    if "soc_sec_id" in frame:
        comparisons, rules, sure, trained = _splink_febrl(sp, cl)
    else:
        comparisons, rules, sure, trained = _splink_names(sp, cl, len(frame))
    settings = sp.SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
    )
    api = sp.DuckDBAPI()
    linker = sp.Linker(api.register(frame), settings)
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in trained:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01)
    table = found.as_pandas_dataframe()
    one, two = table["unique_id_l"].to_numpy(), table["unique_id_r"].to_numpy()
    keep = (one < data.left) != (two < data.left) if data.left else one >= 0
    low, high = np.minimum(one, two)[keep], np.maximum(one, two)[keep]
    return low, high, table["match_probability"].to_numpy()[keep]


def _splink_febrl(sp: Any, cl: Any) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """As in splink's own notebook on FEBRL 3, with the addresses beside."""
    block = sp.block_on
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True
        ),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
        cl.JaroWinklerAtThresholds("address_2", [0.9, 0.8]),
        cl.ExactMatch("state"),
    ]
    names = ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode", "suburb")
    rules = [block(name) for name in (*names, "address_1", "address_2")]
    sure = [
        block("soc_sec_id"),
        block("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name "
        "and l.date_of_birth = r.date_of_birth",
    ]
    return comparisons, rules, sure, [
        block("date_of_birth"),
        block("postcode"),
        block("given_name"),
    ]


def _splink_names(
    sp: Any, cl: Any, count: int
) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    import splink.comparison_level_library as cll

    block = sp.block_on
    birth = cl.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            cll.NullLevel("birth"),
            cll.ExactMatchLevel("birth"),
            cll.DamerauLevenshteinLevel("birth", 1),
            cll.CustomLevel('"year_l" = "year_r"', "year"),
            cll.CustomLevel('abs("year_l" - "year_r") <= 2', "near"),
            cll.ElseLevel(),
        ],
    )
    names = [cl.NameComparison(n) for n in ("given_name", "family_name")]
    places = [cl.ExactMatch(n) for n in ("origin", "residence")]
    comparisons = [
        *(each.configure(term_frequency_adjustments=True) for each in (*names, *places)),
        birth,
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.ExactMatch("sex"),
    ]
    rules = [
        block("phone"),
        block("given_name", "birth"),
        block("family_name", "birth"),
        block("given_name", "year", "origin"),
        block("family_name", "year", "origin"),
        block("given_name", "family_name", "year"),
        block("given_name", "family_name", "origin"),
    ]
    if count <= 50_000:  # beyond, these alone are tens of millions of pairs
        rules += [block("given_name", "family_name"), block("birth", "origin")]
        rules.append("l.given_name = r.family_name and l.family_name = r.given_name")
    sure = [block("phone", "given_name"), block("given_name", "family_name", "birth", "origin")]
    return comparisons, rules, sure, [block("phone"), block("given_name", "family_name")]


# recordlinkage --------------------------------------------------------------------


def _columns(frame: Any) -> tuple[list[list[str]], list[str], list[str], list[str]]:
    """What is blocked on; texts, numbers and codes that are compared."""
    if "soc_sec_id" in frame:
        blocks = [["soc_sec_id"], ["given_name"], ["surname"], ["date_of_birth"], ["postcode"]]
        texts, exact = ["given_name", "surname", "suburb", "address_1", "address_2"], ["state"]
        digits = ["soc_sec_id", "date_of_birth", "postcode", "street_number"]
    else:
        blocks = [
            ["phone"],
            ["given_name", "birth"],
            ["family_name", "birth"],
            ["given_name", "year", "origin"],
            ["family_name", "year", "origin"],
            ["given_name", "family_name", "year"],
            ["given_name", "family_name", "origin"],
        ]
        if len(frame) <= 50_000:
            blocks += [["given_name", "family_name"], ["birth", "origin"]]
        texts, digits = ["given_name", "family_name"], ["birth", "phone"]
        exact = ["year", "origin", "residence", "sex"]
    return blocks, texts, digits, exact


def recordlinkage(data: Data, summed: bool = False) -> Scored:
    """recordlinkage: the pairs that its ECM classifier weighs by what agrees; or as in its
    first example, by how much agrees."""
    import numpy as np
    import recordlinkage as rl

    frame = _frame(data)
    blocks, texts, digits, exact = _columns(frame)
    compare = rl.Compare()
    index = rl.Index()
    for block in blocks:
        index.block(block)
    pairs = index.index(frame)
    if data.left:
        one, two = pairs.get_level_values(0), pairs.get_level_values(1)
        pairs = pairs[(one < data.left) != (two < data.left)]
    for name in texts:
        compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    for name in digits:
        compare.string(name, name, method="damerau_levenshtein", threshold=0.8, label=name)
    for name in exact:
        compare.exact(name, name, label=name)
    features = compare.compute(pairs, frame)
    one = np.asarray(pairs.get_level_values(0))
    two = np.asarray(pairs.get_level_values(1))
    low, high = np.minimum(one, two), np.maximum(one, two)
    if summed:
        return low, high, (features.sum(axis=1) / features.shape[1]).to_numpy()
    classifier = rl.ECMClassifier()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classifier.fit(features)
        found = classifier.prob(features)
    return low, high, found.to_numpy()


FINDERS: dict[str, Callable[[Data], Scored]] = {
    "migdesk": ours,
    "splink": splink,
    "recordlinkage ECM": recordlinkage,
    "recordlinkage sum": partial(recordlinkage, summed=True),
}
