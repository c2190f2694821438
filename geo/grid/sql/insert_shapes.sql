INSERT INTO cell_shape (cell_id, geom, area_m2, derived, noded, during)
SELECT cell_id, ST_Multi(geometry), area_m2, derived, noded, int4range(:number, NULL)
FROM pg_temp.next_cell WHERE new_shape ORDER BY cell_id
