-- The same as follow_assignments.sql for what moved with some cells and buildings: found by them,
-- not by reading every assignment.
WITH concerned AS (
    SELECT id FROM assignment WHERE cell_id = ANY(CAST(:cell_ids AS bigint[]))
    UNION
    SELECT assignment.id
    FROM worker JOIN assignment ON assignment.worker_id = worker.id
    WHERE worker.cell_id = ANY(CAST(:cell_ids AS bigint[]))
    UNION
    SELECT id FROM assignment WHERE building_id = ANY(CAST(:building_ids AS bigint[]))
    UNION
    SELECT assignment.id
    FROM assignment JOIN dwelling_unit AS unit ON unit.id = assignment.unit_id
    WHERE unit.building_id = ANY(CAST(:building_ids AS bigint[]))
    UNION
    SELECT assignment.id
    FROM assignment JOIN household ON household.id = assignment.household_id
    WHERE household.building_id = ANY(CAST(:building_ids AS bigint[]))
)
UPDATE assignment SET path = target.path
FROM (
    SELECT assignment.id, COALESCE(cell.path, building.path, household.path, worker.path) AS path
    FROM concerned
    JOIN assignment ON assignment.id = concerned.id
    JOIN worker ON worker.id = assignment.worker_id
    LEFT JOIN cell_version AS cell
        ON cell.cell_id = assignment.cell_id AND upper_inf(cell.during)
    LEFT JOIN dwelling_unit AS unit ON unit.id = assignment.unit_id
    LEFT JOIN building ON building.id = COALESCE(assignment.building_id, unit.building_id)
    LEFT JOIN household ON household.id = assignment.household_id
) AS target
WHERE target.id = assignment.id AND assignment.path <> target.path
