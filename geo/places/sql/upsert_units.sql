INSERT INTO dwelling_unit (building_id, stairwell, floor, number)
SELECT DISTINCT ON (building.id, next.stairwell, next.number)
    building.id, next.stairwell, next.floor, next.number
FROM pg_temp.next_household AS next
JOIN building ON building.code = next.building_code
ORDER BY building.id, next.stairwell, next.number
ON CONFLICT (building_id, stairwell, number) DO UPDATE SET floor = excluded.floor
