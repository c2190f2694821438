UPDATE assignment SET valid_to = GREATEST(CAST(:now AS timestamptz), valid_from + interval '1 microsecond')
WHERE cell_id = ANY(:cell_ids) AND (valid_to IS NULL OR valid_to > :now)
    AND NOT EXISTS (
        SELECT FROM cell_version AS own
        WHERE own.cell_id = assignment.cell_id AND upper_inf(own.during)
    )
RETURNING id
