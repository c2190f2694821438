ALTER TABLE household ADD COLUMN head_name TEXT DEFAULT '' NOT NULL;

ALTER TABLE worker ADD COLUMN duty_phone TEXT DEFAULT '' NOT NULL;

COMMENT ON COLUMN household.head_name IS 'Head of household 户主';

COMMENT ON COLUMN worker.duty_phone IS 'Phone on duty, public';
