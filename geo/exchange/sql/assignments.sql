-- Open assignments to cells and buildings: all of the staged workers, and who is primary elsewhere.
SELECT assignment.id, worker.code AS worker_code, assignment.post,
    CASE WHEN assignment.cell_id IS NOT NULL THEN 'cell'
        WHEN assignment.stairwell IS NOT NULL THEN 'stairwell' ELSE 'building' END AS target_kind,
    COALESCE(cell.code, building.code) AS target_code, assignment.stairwell, assignment.is_primary,
    asked.code IS NOT NULL AS named
FROM assignment
JOIN worker ON worker.id = assignment.worker_id
LEFT JOIN pg_temp.asked ON asked.code = worker.code
LEFT JOIN cell_version AS cell ON cell.cell_id = assignment.cell_id AND upper_inf(cell.during)
LEFT JOIN building ON building.id = assignment.building_id
WHERE assignment.valid_to IS NULL AND (asked.code IS NOT NULL OR assignment.is_primary)
    AND COALESCE(assignment.cell_id, assignment.building_id) IS NOT NULL
