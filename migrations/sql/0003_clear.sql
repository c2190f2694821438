DROP TABLE data_key;

ALTER TABLE household
    DROP COLUMN head_name_cipher,
    DROP COLUMN head_name_masked,
    DROP COLUMN head_name_blind,
    DROP COLUMN head_phone_cipher,
    DROP COLUMN head_phone_masked,
    DROP COLUMN head_phone_blind,
    DROP COLUMN head_id_number_cipher,
    DROP COLUMN head_id_number_masked,
    DROP COLUMN head_id_number_blind;

ALTER TABLE worker
    DROP COLUMN duty_phone_cipher,
    DROP COLUMN duty_phone_masked,
    DROP COLUMN duty_phone_blind;
