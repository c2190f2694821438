-- What somebody answers for in a cell that ended goes on in the cells that got its ground: first
-- where nobody is the first to answer yet, else beside who is.
WITH ended AS (
    SELECT assignment.*
    FROM assignment
    WHERE assignment.cell_id = ANY(:cell_ids) AND assignment.valid_from <= :now
        AND (assignment.valid_to IS NULL OR assignment.valid_to > :now)
        AND NOT EXISTS (
            SELECT FROM cell_version AS own
            WHERE own.cell_id = assignment.cell_id AND upper_inf(own.during)
        )
), heir AS (
    SELECT lineage.from_cell_id, version.cell_id, version.path, lineage.area_m2
    FROM cell_lineage AS lineage
    JOIN cell_version AS version
        ON version.cell_id = lineage.to_cell_id AND upper_inf(version.during)
    WHERE lineage.publication = :number AND lineage.from_cell_id = ANY(:cell_ids)
)
INSERT INTO assignment (worker_id, post, is_primary, cell_id, valid_from, valid_to, path)
SELECT DISTINCT ON (heir.cell_id, ended.worker_id, ended.post)
    ended.worker_id, ended.post,
    ended.is_primary
        AND row_number() OVER (
            PARTITION BY heir.cell_id ORDER BY ended.is_primary DESC, heir.area_m2 DESC, ended.id
        ) = 1
        AND NOT EXISTS (
            SELECT FROM assignment AS first
            WHERE first.cell_id = heir.cell_id AND first.is_primary
                AND (first.valid_to IS NULL OR first.valid_to > :now)
        ),
    heir.cell_id, :now, ended.valid_to, heir.path
FROM ended JOIN heir ON heir.from_cell_id = ended.cell_id
WHERE NOT EXISTS (
    SELECT FROM assignment AS standing
    WHERE standing.cell_id = heir.cell_id AND standing.worker_id = ended.worker_id
        AND standing.post = ended.post
        AND (standing.valid_to IS NULL OR standing.valid_to > :now)
)
ORDER BY heir.cell_id, ended.worker_id, ended.post, ended.is_primary DESC
RETURNING id
