-- +goose Up
-- Secrets of the settings.
ALTER TABLE instance ADD COLUMN copy_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE instance ADD COLUMN mapping_password TEXT NOT NULL DEFAULT '';

ALTER TABLE phone_number ADD COLUMN interface TEXT NOT NULL DEFAULT '';

-- Numbers that may not call, or be called. until_at 0 is for ever.
CREATE TABLE listed_number (
    app        BIGINT  NOT NULL REFERENCES instance (app),
    number     TEXT    NOT NULL,
    inbound    BOOLEAN NOT NULL,
    outbound   BOOLEAN NOT NULL,
    reason     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    until_at   BIGINT  NOT NULL,
    PRIMARY KEY (app, number)
);
CREATE INDEX listed_number_by_time ON listed_number (app, created_at, number);

CREATE TABLE number_group (
    app  BIGINT NOT NULL REFERENCES instance (app),
    id   TEXT   NOT NULL,
    name TEXT   NOT NULL,
    PRIMARY KEY (app, id)
);
CREATE UNIQUE INDEX number_group_by_name ON number_group (app, name);

CREATE TABLE number_group_member (
    app      BIGINT NOT NULL,
    group_id TEXT   NOT NULL,
    number   TEXT   NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (app, group_id, number),
    FOREIGN KEY (app, group_id) REFERENCES number_group (app, id) ON DELETE CASCADE,
    FOREIGN KEY (app, number) REFERENCES phone_number (app, number) ON DELETE CASCADE
);
CREATE INDEX number_group_member_by_number ON number_group_member (app, number);

CREATE TABLE schedule (
    app        BIGINT NOT NULL REFERENCES instance (app),
    name       TEXT   NOT NULL,
    definition BYTEA  NOT NULL,
    PRIMARY KEY (app, name)
);

CREATE TABLE flow_draft (
    app         BIGINT NOT NULL REFERENCES instance (app),
    name        TEXT   NOT NULL,
    revision    BIGINT NOT NULL,
    definition  BYTEA  NOT NULL,
    by_whom     TEXT   NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (app, name)
);
