-- Who answers for some cells now, by cell.
SELECT worker.id, worker.code, worker.name, assignment.post, assignment.is_primary,
    version.code AS cell
FROM assignment
JOIN worker ON worker.id = assignment.worker_id
JOIN cell_version AS version ON version.cell_id = assignment.cell_id AND version.during @> :number
WHERE version.code = ANY(:codes) AND assignment.path >= :low AND assignment.path < :high
    AND assignment.valid_from <= :now
    AND (assignment.valid_to IS NULL OR assignment.valid_to > :now)
ORDER BY version.code, NOT assignment.is_primary, worker.code
