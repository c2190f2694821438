"""Grid cells: identity, dated versions and shapes, publications, coverage checks."""
