-- Every row is written anew: without these indexes that takes half the time; 0003_protected.sql
-- makes them again.
DROP INDEX ix_household_path, ix_household_unit_id, ix_household_building_id;

ALTER TABLE household
    ADD COLUMN head_name_cipher BYTEA,
    ADD COLUMN head_name_masked TEXT DEFAULT '' NOT NULL,
    ADD COLUMN head_name_blind BYTEA,
    ADD COLUMN head_phone_cipher BYTEA,
    ADD COLUMN head_phone_masked TEXT DEFAULT '' NOT NULL,
    ADD COLUMN head_phone_blind BYTEA,
    ADD COLUMN head_id_number_cipher BYTEA,
    ADD COLUMN head_id_number_masked TEXT DEFAULT '' NOT NULL,
    ADD COLUMN head_id_number_blind BYTEA;

ALTER TABLE worker
    ADD COLUMN duty_phone_cipher BYTEA,
    ADD COLUMN duty_phone_masked TEXT DEFAULT '' NOT NULL,
    ADD COLUMN duty_phone_blind BYTEA;

COMMENT ON COLUMN household.head_name_cipher IS 'Head of household 户主, encrypted';

COMMENT ON COLUMN household.head_name_masked IS 'Head of household 户主, masked';

COMMENT ON COLUMN household.head_name_blind IS 'Head of household 户主, blind index for equality';

COMMENT ON COLUMN household.head_phone_cipher IS 'Phone of the head, encrypted';

COMMENT ON COLUMN household.head_phone_masked IS 'Phone of the head, masked';

COMMENT ON COLUMN household.head_phone_blind IS 'Phone of the head, blind index for equality';

COMMENT ON COLUMN household.head_id_number_cipher IS 'ID number of the head, encrypted';

COMMENT ON COLUMN household.head_id_number_masked IS 'ID number of the head, masked';

COMMENT ON COLUMN household.head_id_number_blind IS 'ID number of the head, blind index for equality';

COMMENT ON COLUMN worker.duty_phone_cipher IS 'Phone on duty, encrypted';

COMMENT ON COLUMN worker.duty_phone_masked IS 'Phone on duty, masked';

COMMENT ON COLUMN worker.duty_phone_blind IS 'Phone on duty, blind index for equality';

CREATE TABLE data_key (
    id TEXT NOT NULL,
    cipher TEXT NOT NULL,
    proof BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_data_key PRIMARY KEY (id)
);

COMMENT ON TABLE data_key IS 'Keys the data were written with: their proofs, never the keys';

COMMENT ON COLUMN data_key.id IS 'k1, k2 … or blind';

COMMENT ON COLUMN data_key.cipher IS 'Cipher, or hash of the blind indexes';

COMMENT ON COLUMN data_key.proof IS 'Keyed hash of a fixed text: tells another key of the same name';

COMMENT ON COLUMN data_key.added_at IS 'When first used here';
