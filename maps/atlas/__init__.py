"""The maps of Wangge, one a file; ``maps.registry`` lists them by name."""
