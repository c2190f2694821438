ALTER TABLE household DROP COLUMN head_name;

ALTER TABLE worker DROP COLUMN duty_phone;

CREATE INDEX ix_household_path ON household (path, id);

CREATE INDEX ix_household_unit_id ON household (unit_id);

CREATE INDEX ix_household_building_id ON household (building_id);

CREATE INDEX ix_household_head_name_blind ON household (head_name_blind);

CREATE INDEX ix_household_head_phone_blind ON household (head_phone_blind);

CREATE INDEX ix_household_head_id_number_blind ON household (head_id_number_blind);

CREATE INDEX ix_worker_duty_phone_blind ON worker (duty_phone_blind);
