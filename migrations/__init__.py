"""Alembic migrations; the URL comes from settings, there is no ini file."""
