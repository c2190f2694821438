-- Every standing assignment that bears on a place: its cells, building, estate, unit, household. Who
-- is not employed on the local day answers for nothing, whatever was left assigned.
SELECT worker.id AS worker_id, worker.code, worker.name, worker.duty_phone_cipher, assignment.post,
    post.rank AS post_rank, post.overlay, assignment.is_primary, assignment.cell_id, assignment.stairwell,
    assignment.building_id, assignment.estate_id, assignment.unit_id, assignment.household_id
FROM assignment
JOIN worker ON worker.id = assignment.worker_id
JOIN post ON post.code = assignment.post
WHERE assignment.valid_from <= :moment
    AND (assignment.valid_to IS NULL OR assignment.valid_to > :moment)
    AND (worker.employed_from IS NULL
        OR worker.employed_from <= CAST(CAST(:moment AS timestamptz) AS date))
    AND (worker.employed_to IS NULL
        OR worker.employed_to > CAST(CAST(:moment AS timestamptz) AS date))
    AND (
        assignment.cell_id = ANY(:cell_ids)
        OR (assignment.building_id = :building_id
            AND (assignment.stairwell IS NULL OR assignment.stairwell = :stairwell))
        OR assignment.estate_id = :estate_id
        OR assignment.unit_id = :unit_id
        OR assignment.household_id = :household_id
    )
