-- A made-up city for plans: 8 towns, 80 communities, 960 grids, 11,520 micro-grids, each with one
-- building of :doors households; every other table with rows above 10,000 as well. Ids of cells
-- follow from their place: town 2 + t, community 10 + c, grid 100 + g, micro-grid 2000 + m.
CREATE TEMPORARY TABLE leaf AS
SELECT m, g, c, t,
    '1.' || 2 + t || '.' || 10 + c || '.' || 100 + g || '.' || 2000 + m || '.' AS path,
    '1' || lpad(t::text, 2, '0') || lpad((c % 10)::text, 2, '0') || lpad((g % 12)::text, 2, '0')
        || lpad((m % 12)::text, 2, '0') AS code,
    116.0 + ((t % 4) * 80 + (c % 5) * 16 + (g % 4) * 4 + m % 4) / 512.0 AS west,
    33.0 + ((t / 4) * 18 + (c % 10 / 5) * 9 + (g % 12 / 4) * 3 + m % 12 / 4) / 512.0 AS south
FROM generate_series(0, 11519) AS m,
    LATERAL (SELECT m / 12 AS g, m / 144 AS c, m / 1440 AS t) AS up;

INSERT INTO publication (number, effective_at, note, actor) VALUES (1, now() - interval '1 day', 'city', 't');

CREATE TEMPORARY TABLE node AS
SELECT 1 AS id, NULL::int AS parent_id, 1 AS level, '1' AS code, '1.' AS path
UNION ALL SELECT DISTINCT 2 + t, 1, 2, left(code, 3), '1.' || 2 + t || '.' FROM leaf
UNION ALL SELECT DISTINCT 10 + c, 2 + t, 3, left(code, 5), '1.' || 2 + t || '.' || 10 + c || '.' FROM leaf
UNION ALL SELECT DISTINCT 100 + g, 10 + c, 4, left(code, 7),
    '1.' || 2 + t || '.' || 10 + c || '.' || 100 + g || '.' FROM leaf
UNION ALL SELECT 2000 + m, 100 + g, 5, code, path FROM leaf;

INSERT INTO cell (id) SELECT id FROM node ORDER BY id;
INSERT INTO cell_version (cell_id, code, name, level, parent_id, path, during)
SELECT id, code, code || '格', level, parent_id, path, '[1,)' FROM node ORDER BY id;
INSERT INTO cell_shape (cell_id, geom, area_m2, derived, during)
SELECT 2000 + m, ST_Multi(ST_MakeEnvelope(west, south, west + 1 / 512.0, south + 1 / 512.0, 4326)),
    1e5, false, '[1,)'
FROM leaf ORDER BY m;
INSERT INTO cell_shape (cell_id, geom, area_m2, derived, during)
SELECT above.id, ST_Multi(ST_MakeEnvelope(min(west), min(south),
    max(west) + 1 / 512.0, max(south) + 1 / 512.0, 4326)), 1e6, true, '[1,)'
FROM leaf, LATERAL (VALUES (1), (2 + t), (10 + c), (100 + g)) AS above (id) GROUP BY above.id;

INSERT INTO estate (code, name, kind)
SELECT 'e' || m, '小区' || m, 'open' FROM leaf WHERE m % 4 = 0 ORDER BY m;
INSERT INTO building (id, code, name, kind, estate_id, road, door_no, building_no, floors, stairwells,
    point, footprint, cell_id, path)
SELECT m + 1, 'h' || m, '楼' || m, 'slab', estate.id, '人民路', m || '号', '1号楼', 6, 1,
    ST_SetSRID(ST_MakePoint(west + 1 / 1024.0, south + 1 / 1024.0), 4326),
    ST_MakeEnvelope(west + 1 / 1024.0, south + 1 / 1024.0, west + 1.2 / 1024, south + 1.1 / 1024, 4326),
    2000 + m, path
FROM leaf JOIN estate ON estate.code = 'e' || m - m % 4 ORDER BY m;
INSERT INTO ground_feature (kind, geom)
SELECT 'block', ST_MakeEnvelope(west, south, west + 1 / 1024.0, south + 1 / 1024.0, 4326) FROM leaf;

INSERT INTO dwelling_unit (id, building_id, stairwell, floor, number)
SELECT m * :doors + n, m + 1, 1, 1 + n / 4, n::text FROM leaf, generate_series(1, :doors) AS n ORDER BY m, n;
INSERT INTO household (id, unit_id, building_id, occupancy, persons, path)
SELECT unit.id, unit.id, building_id,
    (ARRAY['owner_occupied', 'rented', 'vacant', 'other'])[1 + unit.id % 4], unit.id % 5, building.path
FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id ORDER BY unit.id;

INSERT INTO worker (id, code, name, cell_id, path)
SELECT m + 1, 'w' || m, '员' || m, 2000 + m, path FROM leaf ORDER BY m;
INSERT INTO assignment (worker_id, post, is_primary, cell_id, valid_from, path)
SELECT m + 1, 'grid_worker', true, 2000 + m, now() - interval '1 hour', path FROM leaf ORDER BY m;
INSERT INTO assignment (worker_id, post, is_primary, building_id, valid_from, path)
SELECT m + 1, 'building_head', true, m + 1, now() - interval '1 hour', path FROM leaf ORDER BY m;
INSERT INTO worker_leave (worker_id, substitute_id, begins_at, ends_at, added_by, path)
SELECT m + 1, (m + 1) % 11520 + 1, now() - day * interval '9 days', now() - day * interval '8 days', 't', path
FROM leaf, generate_series(1, 3) AS day ORDER BY m;
INSERT INTO worker_leave (worker_id, substitute_id, begins_at, ends_at, added_by, path)
SELECT m + 1, m + 2, now() - interval '1 day', now() + interval '3 days', 't', path
FROM leaf WHERE m % 40 = 0 ORDER BY m;
INSERT INTO data_request (kind, household_id, due_on, recorded_by, path)
SELECT 'access', m * :doors + 1, current_date + 15, 't', path FROM leaf ORDER BY m;

INSERT INTO job (kind, state, actor, finished_at)
SELECT 'check', 'done', 't', now() FROM generate_series(1, 12000);
INSERT INTO account (id, kind, login, name, created_by)
SELECT 100000 + n, 'person', 'nobody' || n, 'n', 't' FROM generate_series(1, 8000) AS n;
INSERT INTO role_grant (account_id, role, cell_id, granted_by)
SELECT 100000 + n, 'grid_worker', 2000 + n % 11520, 't' FROM generate_series(1, 8000) AS n;
INSERT INTO sign_in (account_id, kind, token_hash, token_until, expires_at)
SELECT 100001 + n % 8000, 'page', decode(md5(n::text), 'hex'), now(), now()
FROM generate_series(1, 12000) AS n;
INSERT INTO refresh_token (sign_in_id, token_hash, expires_at)
SELECT id, token_hash, now() FROM sign_in WHERE account_id > 100000;
INSERT INTO api_key (account_id, name, shown, token_hash, created_by, expires_at)
SELECT 100000 + n, 'n', 'n', decode(md5(n::text), 'hex'), 't', now()
FROM generate_series(1, 8000) AS n;
INSERT INTO sign_in_failure (login_hash) SELECT decode(md5(n::text), 'hex') FROM generate_series(1, 12000) AS n;
INSERT INTO idempotency_key (actor, key, request_hash, status)
SELECT 'nobody' || n, 'key' || n, '\x00', 200 FROM generate_series(1, 12000) AS n;
INSERT INTO audit_record (at, actor, account_id, action, outcome, subject_kind, subjects)
SELECT now() - n * interval '1 minute', 'nobody' || n, 100000 + n, 'people.list', 'done', 'household',
    ARRAY[n, n + 1] FROM generate_series(1, 12000) AS n;
INSERT INTO audit_link (seq, record_id, digest, keep_until, hash, floor)
SELECT n, n, '\x00', current_date + 1000, '\x00', pg_current_xact_id()::text::bigint + 1
FROM generate_series(1, 12000) AS n;
INSERT INTO audit_finding (week, account_id, rule, count, examples)
SELECT date '2026-11-16' - 7 * (n / 6000), 100001 + n % 6000, 'bulk', 1, '{1}'
FROM generate_series(0, 11999) AS n;
