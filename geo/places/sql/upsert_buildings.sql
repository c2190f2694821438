INSERT INTO building (code, name, kind, estate_id, road, door_no, building_no, floors, stairwells,
    point, footprint, source_crs, cell_id, path)
SELECT next.code, next.name, next.kind, estate.id, next.road, next.door_no, next.building_no,
    next.floors, next.stairwells, next.point, next.footprint, next.source_crs, next.cell_id,
    next.path
FROM pg_temp.next_building AS next
LEFT JOIN estate ON estate.code = next.estate_code
ORDER BY next.path, next.code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind,
    estate_id = excluded.estate_id, road = excluded.road, door_no = excluded.door_no,
    building_no = excluded.building_no, floors = excluded.floors,
    stairwells = excluded.stairwells, point = excluded.point, footprint = excluded.footprint,
    source_crs = excluded.source_crs, cell_id = excluded.cell_id, path = excluded.path
