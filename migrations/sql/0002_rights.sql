ALTER TABLE household ADD COLUMN objected_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE household ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN household.objected_at IS 'Since when the person''s objection to processing stands';

COMMENT ON COLUMN household.erased_at IS 'When the personal fields were emptied for good';

CREATE INDEX ix_data_request_open ON data_request (path, id) WHERE state = 'open';
