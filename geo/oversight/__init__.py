"""Watching those who work with people's data: the audit's search, unusual reads, retention."""
