"""Skills, jobs and training: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {}
