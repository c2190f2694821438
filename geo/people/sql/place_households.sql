-- Which household each staged row is: the standing one in its place of the unit, else a new id.
-- One that was erased is never filled again: it ends, and what a file brings is another.
WITH incoming AS (
    SELECT next.row, unit.id AS unit_id, unit.building_id, building.path,
        row_number() OVER (PARTITION BY unit.id ORDER BY next.row) AS place
    FROM pg_temp.next_household AS next
    JOIN building ON building.code = next.building_code
    JOIN dwelling_unit AS unit ON unit.building_id = building.id
        AND unit.stairwell = next.stairwell AND unit.number = next.number
), standing AS (
    SELECT household.id, household.unit_id,
        row_number() OVER (PARTITION BY household.unit_id ORDER BY household.id) AS place
    FROM household
    WHERE household.ended_on IS NULL AND household.erased_at IS NULL
        AND household.unit_id IN (SELECT unit_id FROM incoming)
)
SELECT placed.row, COALESCE(placed.id, nextval('household_id_seq')) AS id,
    placed.id IS NOT NULL AS stands, placed.unit_id, placed.building_id, placed.path
FROM (
    SELECT incoming.*, standing.id FROM incoming LEFT JOIN standing USING (unit_id, place)
    ORDER BY incoming.path, incoming.unit_id, incoming.place
) AS placed
