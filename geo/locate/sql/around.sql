-- Leaf cells within a distance of a point, nearest first, the lower code first at equal distance.
SELECT version.code, version.name,
    ST_Distance(shape.geom::geography, place.geom::geography) AS distance_m
FROM (
    SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom,
        :radius_m / 110000.0 AS high, :radius_m / (110000.0 * cos(radians(:cosine_lat))) AS wide
) AS place
JOIN cell_shape AS shape
    ON shape.geom && ST_Expand(place.geom, place.wide, place.high)
    AND NOT shape.derived AND shape.during @> :number
    AND ST_Distance(shape.geom::geography, place.geom::geography) <= :radius_m
JOIN cell_version AS version
    ON version.cell_id = shape.cell_id AND version.during @> :number
WHERE version.cell_id <> :own_id
ORDER BY distance_m, version.code
LIMIT 8
