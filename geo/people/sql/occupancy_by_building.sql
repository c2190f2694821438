-- Households of each building of an area by occupancy; the range of paths is the scope's index.
SELECT building_id, occupancy, count(*) AS households, COALESCE(sum(persons), 0) AS persons
FROM household
WHERE ended_on IS NULL AND path >= :low AND path < :high
GROUP BY building_id, occupancy
