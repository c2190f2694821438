SELECT kind, rank, name, width_m, ST_AsBinary(geom) AS geom
FROM ground_feature
WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
ORDER BY id
