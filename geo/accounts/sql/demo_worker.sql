-- Who answers first in a cell now: the demo's grid worker is that person.
SELECT worker.id, worker.name
FROM assignment
JOIN worker ON worker.id = assignment.worker_id
JOIN post ON post.code = assignment.post AND NOT post.overlay
WHERE assignment.cell_id = :cell_id AND assignment.is_primary
    AND assignment.valid_from <= now()
    AND (assignment.valid_to IS NULL OR assignment.valid_to > now())
ORDER BY post.rank, worker.id
LIMIT 1
