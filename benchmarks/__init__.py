"""Ratios of MigDesk to the bare library below it, measured in one run."""
