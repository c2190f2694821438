-- A leaf cell near a point outside every cell; its distance bounds the search for the nearest.
SELECT ST_Distance(near.geom::geography, near.place::geography) AS distance_m
FROM (
    SELECT shape.geom, place.geom AS place
    FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) AS place, cell_shape AS shape
    WHERE NOT shape.derived AND shape.during @> :number
    ORDER BY shape.geom <-> place.geom
    LIMIT 1
) AS near
