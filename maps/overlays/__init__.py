"""Overlays of town maps, one a file: each turns a frame into the block its module draws."""
