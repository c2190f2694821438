-- Assignments whose path is of one of these cells or buildings, found without reading them all.
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
