-- The households that live in the buildings whose codes were staged, with their place in the unit.
SELECT household.id, building.code AS building_code, unit.stairwell, unit.number, unit.floor,
    household.occupancy, household.persons,
    household.head_name_blind, household.head_phone_blind, household.head_id_number_blind,
    row_number() OVER (PARTITION BY household.unit_id ORDER BY household.id) - 1 AS place
FROM pg_temp.asked
JOIN building ON building.code = asked.code
JOIN household ON household.building_id = building.id AND household.ended_on IS NULL
JOIN dwelling_unit AS unit ON unit.id = household.unit_id
