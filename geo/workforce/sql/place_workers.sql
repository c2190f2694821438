-- Which worker each staged row is: the one that bears the code, else a new id.
SELECT placed.code, COALESCE(placed.id, nextval('worker_id_seq')) AS id,
    placed.id IS NOT NULL AS stands, placed.cell_id, placed.path
FROM (
    SELECT next.code, worker.id, cell.cell_id, COALESCE(cell.path, '') AS path
    FROM pg_temp.next_worker AS next
    LEFT JOIN worker ON worker.code = next.code
    LEFT JOIN cell_version AS cell ON cell.code = next.cell_code AND upper_inf(cell.during)
    ORDER BY cell.path, next.code
) AS placed
