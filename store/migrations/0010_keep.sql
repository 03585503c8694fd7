-- +goose Up
-- Who heard a message that a customer left; heard_at 0 is nobody.
ALTER TABLE recording ADD COLUMN heard_by TEXT NOT NULL DEFAULT '';
ALTER TABLE recording ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX recording_by_kind ON recording (app, kind, start_at);
CREATE INDEX transcript_by_time ON transcript (app, created_at);

-- Prompts that were uploaded, or spoken by the engine.
CREATE TABLE sound (
    app         BIGINT NOT NULL REFERENCES instance (app),
    name        TEXT   NOT NULL,
    blob_key    TEXT   NOT NULL,
    duration_ms BIGINT NOT NULL,
    size_bytes  BIGINT NOT NULL,
    spoken      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (app, name)
);
