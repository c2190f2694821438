"""Who did what: one append-only table, written in the transaction of what it records."""
