INSERT INTO cell (id, kind) OVERRIDING SYSTEM VALUE
SELECT cell_id, 'base' FROM pg_temp.next_cell WHERE is_new ORDER BY cell_id
