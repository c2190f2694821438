-- Buildings of an area with what lives in them: what a border moves when it moves.
SELECT building.id, building.code, building.name, leaf.code AS leaf,
    ST_AsBinary(building.point) AS point, ST_AsBinary(building.footprint) AS footprint,
    COALESCE(lived.households, 0) AS households, COALESCE(lived.persons, 0) AS persons
FROM building
LEFT JOIN cell_version AS leaf ON leaf.cell_id = building.cell_id AND leaf.during @> :number
LEFT JOIN (
    SELECT building_id, count(*) AS households, sum(persons) AS persons
    FROM household
    WHERE path >= :low AND path < :high AND (ended_on IS NULL OR ended_on > :today)
    GROUP BY building_id
) AS lived ON lived.building_id = building.id
WHERE building.path >= :low AND building.path < :high
ORDER BY building.code
