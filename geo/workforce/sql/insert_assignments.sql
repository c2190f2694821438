-- A row that stands already, with the same target, worker and post, stays as it is.
WITH incoming AS (
    SELECT worker.id AS worker_id, next.post, next.is_primary, next.stairwell,
        cell.cell_id, estate.id AS estate_id, building.id AS building_id,
        COALESCE(cell.path, building.path, worker.path) AS path
    FROM pg_temp.next_assignment AS next
    JOIN worker ON worker.code = next.worker_code
    LEFT JOIN cell_version AS cell
        ON next.target_kind = 'cell' AND cell.code = next.target_code AND upper_inf(cell.during)
    LEFT JOIN estate ON next.target_kind = 'estate' AND estate.code = next.target_code
    LEFT JOIN building
        ON next.target_kind IN ('building', 'stairwell') AND building.code = next.target_code
)
INSERT INTO assignment (worker_id, post, is_primary, cell_id, estate_id, building_id, stairwell,
    valid_from, path)
SELECT incoming.worker_id, incoming.post, incoming.is_primary, incoming.cell_id,
    incoming.estate_id, incoming.building_id, incoming.stairwell, :now, incoming.path
FROM incoming
WHERE NOT EXISTS (
    SELECT FROM assignment AS standing
    WHERE standing.worker_id = incoming.worker_id AND standing.post = incoming.post
        AND standing.valid_to IS NULL
        AND standing.is_primary = incoming.is_primary
        AND standing.cell_id IS NOT DISTINCT FROM incoming.cell_id
        AND standing.estate_id IS NOT DISTINCT FROM incoming.estate_id
        AND standing.building_id IS NOT DISTINCT FROM incoming.building_id
        AND standing.stairwell IS NOT DISTINCT FROM incoming.stairwell
)
ORDER BY incoming.path, incoming.worker_id
