-- The borders of some shapes.
SELECT id, ST_AsBinary(geom) AS geom FROM cell_shape WHERE id = ANY(:ids)
