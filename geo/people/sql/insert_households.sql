-- Households of the units named in the file take the place of the ones there, in order of id.
WITH incoming AS (
    SELECT unit.id AS unit_id, unit.building_id, building.path, next.occupancy, next.persons,
        next.head_name, row_number() OVER (PARTITION BY unit.id ORDER BY next.row) AS place
    FROM pg_temp.next_household AS next
    JOIN building ON building.code = next.building_code
    JOIN dwelling_unit AS unit ON unit.building_id = building.id
        AND unit.stairwell = next.stairwell AND unit.number = next.number
), standing AS (
    SELECT household.id, household.unit_id,
        row_number() OVER (PARTITION BY household.unit_id ORDER BY household.id) AS place
    FROM household
    WHERE household.ended_on IS NULL AND household.unit_id IN (SELECT unit_id FROM incoming)
), updated AS (
    UPDATE household SET occupancy = incoming.occupancy, persons = incoming.persons,
        head_name = incoming.head_name, path = incoming.path
    FROM standing JOIN incoming USING (unit_id, place)
    WHERE household.id = standing.id
), ended AS (
    UPDATE household SET ended_on = :today
    FROM standing LEFT JOIN incoming USING (unit_id, place)
    WHERE household.id = standing.id AND incoming.unit_id IS NULL
)
INSERT INTO household (unit_id, building_id, occupancy, persons, head_name, path)
SELECT incoming.unit_id, incoming.building_id, incoming.occupancy, incoming.persons,
    incoming.head_name, incoming.path
FROM incoming LEFT JOIN standing USING (unit_id, place)
WHERE standing.id IS NULL
ORDER BY incoming.path, incoming.unit_id, incoming.place
