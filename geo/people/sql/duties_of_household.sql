-- Who answers, or once answered, for this very household.
SELECT assignment.post, worker.name AS worker_name, assignment.valid_from, assignment.valid_to
FROM assignment JOIN worker ON worker.id = assignment.worker_id
WHERE assignment.household_id = :household
ORDER BY assignment.valid_from, assignment.id
