UPDATE household SET path = building.path
FROM building
WHERE building.id = household.building_id AND household.path <> building.path
