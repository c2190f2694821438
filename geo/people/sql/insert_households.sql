-- Households of the units named in the file take the place of the ones there. A protected field
-- without a mask was not given: what stands stays.
WITH updated AS (
    UPDATE household SET occupancy = next.occupancy, persons = next.persons, path = next.path,
        head_name_cipher = CASE WHEN next.head_name_masked IS NULL
            THEN household.head_name_cipher ELSE next.head_name_cipher END,
        head_name_masked = COALESCE(next.head_name_masked, household.head_name_masked),
        head_name_blind = CASE WHEN next.head_name_masked IS NULL
            THEN household.head_name_blind ELSE next.head_name_blind END,
        head_phone_cipher = CASE WHEN next.head_phone_masked IS NULL
            THEN household.head_phone_cipher ELSE next.head_phone_cipher END,
        head_phone_masked = COALESCE(next.head_phone_masked, household.head_phone_masked),
        head_phone_blind = CASE WHEN next.head_phone_masked IS NULL
            THEN household.head_phone_blind ELSE next.head_phone_blind END,
        head_id_number_cipher = CASE WHEN next.head_id_number_masked IS NULL
            THEN household.head_id_number_cipher ELSE next.head_id_number_cipher END,
        head_id_number_masked = COALESCE(next.head_id_number_masked, household.head_id_number_masked),
        head_id_number_blind = CASE WHEN next.head_id_number_masked IS NULL
            THEN household.head_id_number_blind ELSE next.head_id_number_blind END
    FROM pg_temp.placed_household AS next
    WHERE household.id = next.id AND next.stands
), ended AS (
    UPDATE household SET ended_on = :today
    WHERE household.ended_on IS NULL
        AND household.unit_id IN (SELECT unit_id FROM pg_temp.placed_household)
        AND household.id NOT IN (SELECT id FROM pg_temp.placed_household)
)
INSERT INTO household (
    id, unit_id, building_id, occupancy, persons, path, head_name_cipher, head_name_masked,
    head_name_blind, head_phone_cipher, head_phone_masked, head_phone_blind,
    head_id_number_cipher, head_id_number_masked, head_id_number_blind
)
SELECT
    id, unit_id, building_id, occupancy, persons, path, head_name_cipher,
    COALESCE(head_name_masked, ''), head_name_blind, head_phone_cipher,
    COALESCE(head_phone_masked, ''), head_phone_blind, head_id_number_cipher,
    COALESCE(head_id_number_masked, ''), head_id_number_blind
FROM pg_temp.placed_household
WHERE NOT stands
ORDER BY id
