-- How often places, names and the grid have changed.
SELECT coalesce(sum(number) FILTER (WHERE kind IN ('places', 'grid')), 0) AS places,
    coalesce(sum(number) FILTER (WHERE kind = 'names'), 0) AS names
FROM change_count
