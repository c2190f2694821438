UPDATE assignment SET path = target.path
FROM (
    SELECT assignment.id, COALESCE(cell.path, building.path, household.path, worker.path) AS path
    FROM assignment
    JOIN worker ON worker.id = assignment.worker_id
    LEFT JOIN cell_version AS cell
        ON cell.cell_id = assignment.cell_id AND upper_inf(cell.during)
    LEFT JOIN dwelling_unit AS unit ON unit.id = assignment.unit_id
    LEFT JOIN building ON building.id = COALESCE(assignment.building_id, unit.building_id)
    LEFT JOIN household ON household.id = assignment.household_id
    -- Some, or all when none are named.
    WHERE CAST(:ids AS bigint[]) IS NULL OR assignment.id = ANY(CAST(:ids AS bigint[]))
) AS target
WHERE target.id = assignment.id AND assignment.path <> target.path
