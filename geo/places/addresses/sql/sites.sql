-- What lies on the ground and has a name, streets aside.
SELECT id, name, ST_X(place.geom) AS lon, ST_Y(place.geom) AS lat
FROM ground_feature, LATERAL (SELECT ST_PointOnSurface(geom) AS geom) AS place
WHERE name <> '' AND kind IN ('park', 'school', 'works', 'other_building')
ORDER BY id
