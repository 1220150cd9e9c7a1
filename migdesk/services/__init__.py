"""Use cases: plain functions ``(session, …) → View / id / None`` that never commit."""
