-- Households of each leaf cell of an area by occupancy; the range of paths is the scope's index.
SELECT path, occupancy, count(*) AS households, COALESCE(sum(persons), 0) AS persons
FROM household
WHERE (ended_on IS NULL OR ended_on > :today) AND path >= :low AND path < :high
GROUP BY path, occupancy
