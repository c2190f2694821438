-- A made-up city of 500,000 households for bench/people.py: 8 towns, 80 communities, 1,000 grids,
-- each with 10 buildings of 50 flats. Sealed columns hold random bytes of the length of real ones.
INSERT INTO publication (number, effective_at, note, actor)
VALUES (1, now() - interval '1 day', 'bench', 'bench');
CREATE TEMPORARY TABLE grid AS
SELECT g, '1.' || 2 + g % 8 || '.' || 10 + g % 80 || '.' || 100 + g || '.' AS path
FROM generate_series(0, 999) AS g;
INSERT INTO cell (id) SELECT n FROM generate_series(10, 1099) AS n;
INSERT INTO cell_version (cell_id, code, name, level, parent_id, path, during)
SELECT 100 + g, lpad(g::text, 9, '0'), g || '网格', 4, 10 + g % 80, path, '[1,)' FROM grid;
INSERT INTO building (id, code, name, kind, point, cell_id, path)
SELECT g * 10 + b, 'b' || g * 10 + b, g || '-' || b || '号楼', 'slab',
    ST_SetSRID(ST_MakePoint(116.0 + g / 512.0, 33.0 + b / 512.0), 4326), 100 + g, path
FROM grid, generate_series(1, 10) AS b;
INSERT INTO dwelling_unit (id, building_id, stairwell, floor, number)
SELECT building.id * 50 + n, building.id, 1, 1 + n / 4, n::text
FROM building, generate_series(1, 50) AS n ORDER BY building.path, building.id, n;
INSERT INTO household (
    unit_id, building_id, occupancy, persons, path, head_name_cipher, head_name_masked,
    head_name_blind, head_phone_cipher, head_phone_masked, head_phone_blind,
    head_id_number_cipher, head_id_number_masked, head_id_number_blind
)
SELECT unit.id, unit.building_id, 'rented', 2, building.path,
    sha256(('a' || unit.id)::bytea) || substring(sha256(('b' || unit.id)::bytea) FOR 15), '王**',
    substring(sha256(('name' || unit.id % 50000)::bytea) FOR 16),
    sha256(('c' || unit.id)::bytea) || substring(sha256(('d' || unit.id)::bytea) FOR 15),
    '138****5678', substring(sha256(('phone' || unit.id)::bytea) FOR 16),
    sha256(('e' || unit.id)::bytea) || sha256(('f' || unit.id)::bytea), '110***********0021',
    substring(sha256(('number' || unit.id)::bytea) FOR 16)
FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id
ORDER BY building.path, unit.id;
INSERT INTO data_request (kind, household_id, due_on, recorded_by, path)
SELECT 'access', id, current_date + 15, 'bench', path FROM household WHERE id % 250 = 0;
ANALYZE;
