-- The same as follow_all.sql for some buildings: found by them, not by reading every household.
WITH moved AS (
    UPDATE household SET path = building.path
    FROM building
    WHERE building.id = ANY(CAST(:building_ids AS bigint[]))
        AND household.building_id = building.id AND household.path <> building.path
    RETURNING household.id, household.path
)
UPDATE data_request SET path = moved.path FROM moved WHERE data_request.household_id = moved.id
