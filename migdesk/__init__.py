"""MigDesk: offline-first desktop program for the offices that help migrants."""

__version__ = "0.1.0"
