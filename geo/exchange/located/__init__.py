"""Files that are located row by row: the same file again, with cells, team and doubt beside it."""
