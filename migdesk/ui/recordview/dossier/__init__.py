"""The project dossier on the screen: stages, sums, what is missing, the board."""
