-- Rows whose path is no longer that of the place they belong to.
SELECT 'household' AS kind, household.id, building.code AS place
FROM household JOIN building ON building.id = household.building_id
WHERE household.path <> building.path AND household.path >= :low AND household.path < :high
UNION ALL
SELECT 'assignment', assignment.id, cell.code
FROM assignment
JOIN cell_version AS cell ON cell.cell_id = assignment.cell_id AND upper_inf(cell.during)
WHERE assignment.path <> cell.path AND assignment.path >= :low AND assignment.path < :high
UNION ALL
SELECT 'worker', worker.id, cell.code
FROM worker
JOIN cell_version AS cell ON cell.cell_id = worker.cell_id AND upper_inf(cell.during)
WHERE worker.path <> cell.path AND worker.path >= :low AND worker.path < :high
