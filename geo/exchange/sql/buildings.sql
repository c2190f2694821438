-- What stands of the buildings whose codes were staged.
SELECT building.code, building.name, building.kind, estate.code AS estate_code, building.road,
    building.door_no, building.building_no, building.floors, building.stairwells,
    ST_AsBinary(building.footprint) AS footprint, ST_AsBinary(building.point) AS geometry,
    cell.code AS cell_code
FROM pg_temp.asked
JOIN building ON building.code = asked.code
LEFT JOIN estate ON estate.id = building.estate_id
LEFT JOIN cell_version AS cell ON cell.cell_id = building.cell_id AND upper_inf(cell.during)
