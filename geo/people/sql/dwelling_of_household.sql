SELECT building.code AS building_code, building.name AS building_name,
    building.road || building.door_no || COALESCE(estate.name, '') || building.building_no
        AS address,
    unit.stairwell, unit.floor, unit.number
FROM dwelling_unit AS unit
JOIN building ON building.id = unit.building_id
LEFT JOIN estate ON estate.id = building.estate_id
WHERE unit.id = :unit
