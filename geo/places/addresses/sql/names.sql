-- Other names of places that stand.
SELECT id, name, building_id, stairwell, estate_id, ST_X(point) AS lon, ST_Y(point) AS lat,
    kind = 'nickname' AS is_nickname
FROM place_name
WHERE ended_at IS NULL
ORDER BY id
