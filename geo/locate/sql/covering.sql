-- The leaf cell of a point: it covers the point, and of several on a border the lower code.
-- Distances are planar, in metres of the point's own latitude, as the cells themselves are planar:
-- on the ellipsoid a long straight border would leave the points that lie on it.
SELECT version.cell_id, version.code, version.path, version.level,
    ST_Intersects(ST_Boundary(shape.geom), place.geom) AS on_boundary,
    ST_Distance(
        ST_Scale(ST_Translate(ST_Boundary(shape.geom), -:lon, -:lat), :east_m, :north_m),
        ST_SetSRID(ST_MakePoint(0, 0), 4326)
    ) AS distance_m
FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) AS place
JOIN cell_shape AS shape
    ON ST_Covers(shape.geom, place.geom) AND NOT shape.derived AND shape.during @> :number
JOIN cell_version AS version
    ON version.cell_id = shape.cell_id AND version.during @> :number
ORDER BY version.code
LIMIT 1
