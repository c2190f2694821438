"""Exact edits of a coverage: each operation is a pure function from a ``Working`` to a ``Patch``.

The cells whose land changes hands are noded once on the storage grid with what was drawn; their
neighbours take over new vertices as they are. Every patch passes the gate before it is returned.
How it fits together is told in ``docs/decisions/0021-coverage-edits.md``.
"""
