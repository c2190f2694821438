-- Buildings near an older area that lie in another one now, because later publications changed the
-- cells that they lie in. Their households are shown as far as they are the asker's to see.
SELECT building.id, building.code, building.name, NULL AS leaf,
    ST_AsBinary(building.point) AS point, ST_AsBinary(building.footprint) AS footprint,
    COALESCE(lived.households, 0) AS households, COALESCE(lived.persons, 0) AS persons
FROM building
CROSS JOIN LATERAL (
    SELECT count(*) AS households, sum(persons) AS persons
    FROM household
    WHERE household.building_id = building.id
        AND (household.ended_on IS NULL OR household.ended_on > :today)
) AS lived
WHERE building.point && ST_GeomFromText(:box, 4326)
    AND NOT (building.path >= :low AND building.path < :high)
    AND building.cell_id IN (
        SELECT cell_id FROM cell_shape WHERE lower(during) > :number
        UNION
        SELECT cell_id FROM cell_version WHERE lower(during) > :number
    )
ORDER BY building.code
