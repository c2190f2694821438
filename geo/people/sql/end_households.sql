UPDATE household SET ended_on = GREATEST(CAST(:today AS date), since)
WHERE id = ANY(:ids) AND ended_on IS NULL
