SELECT building.id, building.code, building.name, building.path, building.cell_id,
    building.road || building.door_no || COALESCE(estate.name, '') || building.building_no
        AS address,
    ST_AsBinary(COALESCE(building.footprint, building.point)) AS geom
FROM building LEFT JOIN estate ON estate.id = building.estate_id
WHERE building.path >= :low AND building.path < :high
ORDER BY building.code
