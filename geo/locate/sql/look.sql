-- How often the grid and the roster have changed, and the time here.
SELECT coalesce(sum(number) FILTER (WHERE kind = 'grid'), 0),
    coalesce(sum(number) FILTER (WHERE kind = 'roster'), 0),
    extract(epoch FROM clock_timestamp())
FROM change_count
