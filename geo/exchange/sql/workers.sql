-- What stands of the workers whose codes were staged.
SELECT worker.code, worker.name, worker.duty_phone_blind, cell.code AS cell_code
FROM pg_temp.asked
JOIN worker ON worker.code = asked.code
LEFT JOIN cell_version AS cell ON cell.cell_id = worker.cell_id AND upper_inf(cell.during)
