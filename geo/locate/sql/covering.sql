-- The leaf cell of a point: it covers the point, and of several on a border the lower code.
SELECT version.cell_id, version.code, version.path, version.level,
    ST_Intersects(ST_Boundary(shape.geom), place.geom) AS on_boundary,
    ST_Distance(ST_Boundary(shape.geom)::geography, place.geom::geography) AS distance_m
FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) AS place
JOIN cell_shape AS shape
    ON ST_Covers(shape.geom, place.geom) AND NOT shape.derived AND shape.during @> :number
JOIN cell_version AS version
    ON version.cell_id = shape.cell_id AND version.during @> :number
ORDER BY version.code
LIMIT 1
