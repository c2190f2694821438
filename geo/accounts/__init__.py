"""Accounts: people and systems that sign in, what was granted to them, their sign-ins and keys."""
