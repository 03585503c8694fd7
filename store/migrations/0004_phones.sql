-- +goose Up

-- A SIP phone. Who has it, if anybody, is found here and not in staff.
CREATE TABLE extension (
    app         BIGINT NOT NULL REFERENCES instance (app),
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    password    TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (app, id)
);
CREATE UNIQUE INDEX extension_by_user ON extension (app, user_id) WHERE user_id <> '';

CREATE TABLE extension_group (
    app          BIGINT NOT NULL,
    extension_id TEXT   NOT NULL,
    group_id     BIGINT NOT NULL,
    PRIMARY KEY (app, extension_id, group_id),
    FOREIGN KEY (app, extension_id) REFERENCES extension (app, id) ON DELETE CASCADE,
    FOREIGN KEY (app, group_id) REFERENCES skill_group (app, id) ON DELETE CASCADE
);
CREATE INDEX extension_group_by_group ON extension_group (app, group_id);

INSERT INTO extension (app, id, name, password, user_id, created_at, modified_at)
    SELECT app, extension, name, extension_password, user_id, created_at, modified_at FROM staff WHERE extension <> '';

DROP INDEX staff_by_extension;
ALTER TABLE staff DROP COLUMN extension;
ALTER TABLE staff DROP COLUMN extension_password;
ALTER TABLE staff ADD COLUMN seat TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN mobile_accept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN mobile_call_out BOOLEAN NOT NULL DEFAULT FALSE;

-- What people know of a telephone number.
CREATE TABLE contact (
    app         BIGINT NOT NULL REFERENCES instance (app),
    number      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    remark      TEXT   NOT NULL,
    by_whom     TEXT   NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (app, number)
);

-- What an agent wrote down after a call.
CREATE TABLE note (
    app         BIGINT  NOT NULL REFERENCES instance (app),
    session_id  TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    resolved    BOOLEAN NOT NULL,
    text        TEXT    NOT NULL,
    modified_at BIGINT  NOT NULL,
    PRIMARY KEY (app, session_id, user_id)
);
CREATE INDEX note_by_time ON note (app, modified_at);

-- Who of the staff had to do with a session: his own past, and who knows the customer.
CREATE TABLE part (
    app        BIGINT  NOT NULL,
    session_id TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    customer   TEXT    NOT NULL,
    outbound   BOOLEAN NOT NULL,
    group_id   BIGINT  NOT NULL,
    start_at   BIGINT  NOT NULL,
    accept_at  BIGINT  NOT NULL,
    talk_ms    BIGINT  NOT NULL,
    missed     BOOLEAN NOT NULL,
    score      INTEGER NOT NULL,
    PRIMARY KEY (app, session_id, user_id)
);
CREATE INDEX part_by_user ON part (app, user_id, start_at, session_id);
CREATE INDEX part_by_customer ON part (app, customer, accept_at);
