-- Every building as the gazetteer keeps it.
SELECT id, code, name, coalesce(estate_id, 0) AS estate_id, road, door_no, building_no,
    stairwells, path, ST_X(point) AS lon, ST_Y(point) AS lat
FROM building
ORDER BY id
