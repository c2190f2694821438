-- Who is employed in a cell that ended goes to the cell that got most of its ground.
UPDATE worker SET cell_id = heir.cell_id, path = heir.path
FROM (
    SELECT DISTINCT ON (lineage.from_cell_id) lineage.from_cell_id, version.cell_id, version.path
    FROM cell_lineage AS lineage
    JOIN cell_version AS version
        ON version.cell_id = lineage.to_cell_id AND upper_inf(version.during)
    WHERE lineage.from_cell_id = ANY(:cell_ids)
        AND NOT EXISTS (
            SELECT FROM cell_version AS own
            WHERE own.cell_id = lineage.from_cell_id AND upper_inf(own.during)
        )
    ORDER BY lineage.from_cell_id, lineage.publication DESC, lineage.area_m2 DESC
) AS heir
WHERE worker.cell_id = heir.from_cell_id
