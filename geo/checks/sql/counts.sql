SELECT count(*) AS households, COALESCE(sum(persons), 0) AS residents,
    count(*) FILTER (WHERE persons IS NULL) AS households_uncounted
FROM household
WHERE ended_on IS NULL AND path >= :low AND path < :high
