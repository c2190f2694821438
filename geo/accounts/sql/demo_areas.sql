-- The path of the leaf cell that holds the most buildings now: there a demo has most to show.
SELECT cell_version.path
FROM cell_version
LEFT JOIN building
    ON building.path >= cell_version.path
    AND building.path < (left(cell_version.path, -1) || '/') COLLATE "C"
WHERE cell_version.during @> (
    SELECT number FROM publication
    WHERE effective_at <= now() ORDER BY effective_at DESC LIMIT 1
)
AND NOT EXISTS (
    SELECT FROM cell_version AS child
    WHERE child.parent_id = cell_version.cell_id
      AND upper_inf(child.during)
)
GROUP BY cell_version.path
ORDER BY count(building.id) DESC, cell_version.path
LIMIT 1
