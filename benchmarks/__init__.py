"""What ``make bench`` runs: one module a benchmark, each with a function ``measure``."""
