-- +goose Up
ALTER TABLE instance ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN super BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE role (
    app        BIGINT  NOT NULL REFERENCES instance (app),
    id         INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    rights     BYTEA   NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (app, id)
);
CREATE UNIQUE INDEX role_by_name ON role (app, name);

CREATE TABLE console_session (
    hash       TEXT   NOT NULL PRIMARY KEY,
    app        BIGINT NOT NULL REFERENCES instance (app),
    home       BIGINT NOT NULL,
    user_id    TEXT   NOT NULL,
    ip         TEXT   NOT NULL,
    client     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (home, user_id) REFERENCES staff (app, user_id) ON DELETE CASCADE
);
CREATE INDEX console_session_by_user ON console_session (home, user_id);
CREATE INDEX console_session_by_end ON console_session (expires_at);

CREATE TABLE second_factor (
    app       BIGINT  NOT NULL,
    user_id   TEXT    NOT NULL,
    secret    TEXT    NOT NULL,
    confirmed BOOLEAN NOT NULL,
    last_step BIGINT  NOT NULL,
    PRIMARY KEY (app, user_id),
    FOREIGN KEY (app, user_id) REFERENCES staff (app, user_id) ON DELETE CASCADE
);

-- What somebody did. There is no update and no delete but the retention's.
CREATE TABLE audit (
    app    BIGINT NOT NULL REFERENCES instance (app),
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    actor  TEXT   NOT NULL,
    ip     TEXT   NOT NULL,
    action TEXT   NOT NULL,
    target TEXT   NOT NULL,
    code   TEXT   NOT NULL,
    PRIMARY KEY (app, seq)
);
CREATE INDEX audit_by_time ON audit (app, at);
CREATE INDEX staff_by_user ON staff (user_id);
