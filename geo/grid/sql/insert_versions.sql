INSERT INTO cell_version (cell_id, code, name, level, parent_id, path, during)
SELECT cell_id, code, name, level, parent_id, path, int4range(:number, NULL)
FROM pg_temp.next_cell WHERE new_version ORDER BY cell_id
