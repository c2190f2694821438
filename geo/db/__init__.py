"""The database base: declarative base, column types, sessions, policies, the own cluster."""
