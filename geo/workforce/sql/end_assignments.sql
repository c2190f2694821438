UPDATE assignment SET valid_to = :now
WHERE id = ANY(:ids) AND valid_to IS NULL
