-- A household lies where its building does, and what its people have asked lies where it does.
WITH moved AS (
    UPDATE household SET path = building.path
    FROM building
    WHERE building.id = household.building_id AND household.path <> building.path
    RETURNING household.id, household.path
)
UPDATE data_request SET path = moved.path FROM moved WHERE data_request.household_id = moved.id
