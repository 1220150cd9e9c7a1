"""Money, remittances and savings: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {}
