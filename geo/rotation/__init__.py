"""Changing keys: a new key, and every stored value encrypted with it, while others work."""
