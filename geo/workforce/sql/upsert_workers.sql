INSERT INTO worker (code, name, duty_phone, cell_id, path)
SELECT next.code, next.name, next.duty_phone, cell.cell_id, COALESCE(cell.path, '')
FROM pg_temp.next_worker AS next
LEFT JOIN cell_version AS cell ON cell.code = next.cell_code AND upper_inf(cell.during)
ORDER BY cell.path, next.code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, duty_phone = excluded.duty_phone,
    cell_id = excluded.cell_id, path = excluded.path
