-- Ground features that meet a window, with their keys.
SELECT id, kind, rank, name, width_m, ST_AsBinary(geom) AS geometry
FROM ground_feature
WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
