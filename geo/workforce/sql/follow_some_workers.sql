-- The same as follow_workers.sql for the workers of some cells.
UPDATE worker SET path = cell.path
FROM cell_version AS cell
WHERE worker.cell_id = ANY(CAST(:cell_ids AS bigint[])) AND cell.cell_id = worker.cell_id
    AND upper_inf(cell.during) AND worker.path <> cell.path
