-- Every assignment to a cell that stands or is to stand, with all that ``duties.sql`` gives of it.
SELECT worker.id AS worker_id, worker.code, worker.name, worker.duty_phone_cipher, assignment.post,
    post.rank AS post_rank, post.overlay, assignment.is_primary, assignment.cell_id, assignment.stairwell,
    assignment.building_id, assignment.estate_id, assignment.unit_id, assignment.household_id,
    assignment.valid_from, assignment.valid_to, worker.employed_from, worker.employed_to
FROM assignment
JOIN worker ON worker.id = assignment.worker_id
JOIN post ON post.code = assignment.post
WHERE assignment.cell_id IS NOT NULL
    AND (assignment.valid_to IS NULL OR assignment.valid_to > :moment)
