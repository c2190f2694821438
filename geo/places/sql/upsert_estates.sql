INSERT INTO estate (code, name, kind)
SELECT code, name, kind FROM pg_temp.next_estate
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind
