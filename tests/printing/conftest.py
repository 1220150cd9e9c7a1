"""The fonts of documents, made once when they are missing."""

import pytest
from make_fonts import make_fonts


@pytest.fixture(scope="session", autouse=True)
def fonts() -> None:
    """``make fonts``; does nothing when the files are current."""
    make_fonts()
