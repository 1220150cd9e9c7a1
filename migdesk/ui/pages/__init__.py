"""One page for each job at the counter."""
