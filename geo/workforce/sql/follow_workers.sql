UPDATE worker SET path = cell.path
FROM cell_version AS cell
WHERE cell.cell_id = worker.cell_id AND upper_inf(cell.during) AND worker.path <> cell.path
