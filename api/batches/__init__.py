"""Batches of points over HTTP: bodies of many rows in, as many rows out, in pieces."""
