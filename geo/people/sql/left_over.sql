-- Households of the units named in the file that end, because the file has no row for them.
SELECT id FROM household
WHERE ended_on IS NULL
    AND unit_id IN (SELECT unit_id FROM pg_temp.placed_household)
    AND id NOT IN (SELECT id FROM pg_temp.placed_household)
ORDER BY id
