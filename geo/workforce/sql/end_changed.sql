-- Somebody who becomes first, or no longer is, ends the standing row before the new one begins.
UPDATE assignment AS standing SET valid_to = :now
FROM pg_temp.next_assignment AS next
JOIN worker ON worker.code = next.worker_code
LEFT JOIN cell_version AS cell
    ON next.target_kind = 'cell' AND cell.code = next.target_code AND upper_inf(cell.during)
LEFT JOIN estate ON next.target_kind = 'estate' AND estate.code = next.target_code
LEFT JOIN building
    ON next.target_kind IN ('building', 'stairwell') AND building.code = next.target_code
WHERE standing.worker_id = worker.id AND standing.post = next.post
    AND standing.valid_to IS NULL AND standing.valid_from < :now
    AND standing.is_primary <> next.is_primary
    AND standing.cell_id IS NOT DISTINCT FROM cell.cell_id
    AND standing.estate_id IS NOT DISTINCT FROM estate.id
    AND standing.building_id IS NOT DISTINCT FROM building.id
    AND standing.stairwell IS NOT DISTINCT FROM next.stairwell
