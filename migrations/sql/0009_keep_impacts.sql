-- What a published plan moved, as it was counted when it was published.
CREATE TABLE plan_impact (
    plan_id BIGINT NOT NULL,
    figures JSONB NOT NULL,
    CONSTRAINT pk_plan_impact PRIMARY KEY (plan_id),
    CONSTRAINT fk_plan_impact_plan_id FOREIGN KEY(plan_id) REFERENCES boundary_plan (id)
);

COMMENT ON TABLE plan_impact IS 'What published boundary plans moved; written with the publication, never changed';

COMMENT ON COLUMN plan_impact.plan_id IS 'Which plan';

COMMENT ON COLUMN plan_impact.figures IS 'Cells before and after, buildings that moved, whose load changed; people by id alone';
