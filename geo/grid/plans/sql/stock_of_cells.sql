-- Buildings of some cells of an area with what lives in them. Cells that a plan changes have few of
-- an area's households: each building's are looked up by themselves.
SELECT building.id, building.code, building.name, leaf.code AS leaf,
    ST_AsBinary(building.point) AS point, ST_AsBinary(building.footprint) AS footprint,
    COALESCE(lived.households, 0) AS households, COALESCE(lived.persons, 0) AS persons
FROM building
JOIN cell_version AS leaf ON leaf.cell_id = building.cell_id AND leaf.during @> :number
CROSS JOIN LATERAL (
    SELECT count(*) AS households, sum(persons) AS persons
    FROM household
    WHERE household.building_id = building.id AND household.path >= :low AND household.path < :high
        AND (household.ended_on IS NULL OR household.ended_on > :today)
) AS lived
WHERE building.cell_id = ANY(:cell_ids) AND building.path >= :low AND building.path < :high
ORDER BY building.code
