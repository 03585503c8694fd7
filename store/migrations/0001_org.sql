-- +goose Up
CREATE TABLE instance (
    app          BIGINT  NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    user_sig_key TEXT    NOT NULL,
    settings     BYTEA   NOT NULL,
    created_at   BIGINT  NOT NULL
);

-- Numbers that are given once and never again, such as skill group IDs and flow versions.
CREATE TABLE counter (
    app   BIGINT NOT NULL REFERENCES instance (app),
    name  TEXT   NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (app, name)
);

CREATE TABLE api_key (
    secret_id  TEXT    NOT NULL PRIMARY KEY,
    app        BIGINT  NOT NULL REFERENCES instance (app),
    secret_key TEXT    NOT NULL,
    disabled   BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX api_key_app ON api_key (app, created_at);

CREATE TABLE staff (
    app                BIGINT  NOT NULL REFERENCES instance (app),
    user_id            TEXT    NOT NULL,
    name               TEXT    NOT NULL,
    nick               TEXT    NOT NULL,
    phone              TEXT    NOT NULL,
    staff_number       TEXT    NOT NULL,
    mail               TEXT    NOT NULL,
    role               INTEGER NOT NULL,
    extension          TEXT    NOT NULL,
    extension_password TEXT    NOT NULL,
    password_hash      TEXT    NOT NULL,
    created_at         BIGINT  NOT NULL,
    modified_at        BIGINT  NOT NULL,
    PRIMARY KEY (app, user_id)
);
CREATE UNIQUE INDEX staff_by_number ON staff (app, staff_number) WHERE staff_number <> '';
CREATE UNIQUE INDEX staff_by_extension ON staff (app, extension) WHERE extension <> '';

CREATE TABLE skill_group (
    app              BIGINT  NOT NULL REFERENCES instance (app),
    id               BIGINT  NOT NULL,
    name             TEXT    NOT NULL,
    type             INTEGER NOT NULL,
    max_concurrency  INTEGER NOT NULL,
    route_policy     INTEGER NOT NULL,
    using_last_seat  BOOLEAN NOT NULL,
    ring_all         BOOLEAN NOT NULL,
    ring_timeout_ms  BIGINT  NOT NULL,
    wrap_up_ms       BIGINT  NOT NULL,
    queue_timeout_ms BIGINT  NOT NULL,
    created_at       BIGINT  NOT NULL,
    modified_at      BIGINT  NOT NULL,
    PRIMARY KEY (app, id)
);
CREATE UNIQUE INDEX skill_group_by_name ON skill_group (app, name);

CREATE TABLE membership (
    app      BIGINT  NOT NULL,
    user_id  TEXT    NOT NULL,
    group_id BIGINT  NOT NULL,
    priority INTEGER NOT NULL,
    PRIMARY KEY (app, user_id, group_id),
    FOREIGN KEY (app, user_id) REFERENCES staff (app, user_id) ON DELETE CASCADE,
    FOREIGN KEY (app, group_id) REFERENCES skill_group (app, id) ON DELETE CASCADE
);
CREATE INDEX membership_by_group ON membership (app, group_id);

CREATE TABLE trunk (
    app        BIGINT  NOT NULL REFERENCES instance (app),
    name       TEXT    NOT NULL,
    peer       TEXT    NOT NULL,
    transport  TEXT    NOT NULL,
    sources    BYTEA   NOT NULL,
    register   BOOLEAN NOT NULL,
    username   TEXT    NOT NULL,
    password   TEXT    NOT NULL,
    domain     TEXT    NOT NULL,
    codecs     BYTEA   NOT NULL,
    max_calls  INTEGER NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (app, name)
);

-- A telephone number belongs to one instance in the whole house: that is how an inbound call finds its instance.
CREATE TABLE phone_number (
    number     TEXT    NOT NULL PRIMARY KEY,
    app        BIGINT  NOT NULL,
    trunk      TEXT    NOT NULL,
    flow       TEXT    NOT NULL,
    call_out   BOOLEAN NOT NULL,
    remark     TEXT    NOT NULL,
    state      INTEGER NOT NULL,
    created_at BIGINT  NOT NULL,
    UNIQUE (app, number),
    FOREIGN KEY (app, trunk) REFERENCES trunk (app, name)
);
CREATE INDEX phone_number_by_trunk ON phone_number (app, trunk);

CREATE TABLE phone_number_group (
    app      BIGINT  NOT NULL,
    number   TEXT    NOT NULL,
    group_id BIGINT  NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (app, number, group_id),
    FOREIGN KEY (app, number) REFERENCES phone_number (app, number) ON DELETE CASCADE,
    FOREIGN KEY (app, group_id) REFERENCES skill_group (app, id) ON DELETE CASCADE
);
CREATE INDEX phone_number_group_by_group ON phone_number_group (app, group_id);

CREATE TABLE flow (
    app        BIGINT NOT NULL REFERENCES instance (app),
    name       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    definition BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app, name, version)
);

CREATE TABLE push (
    app       BIGINT  NOT NULL PRIMARY KEY REFERENCES instance (app),
    url       TEXT    NOT NULL,
    auth      TEXT    NOT NULL,
    username  TEXT    NOT NULL,
    password  TEXT    NOT NULL,
    token_url TEXT    NOT NULL,
    client_id TEXT    NOT NULL,
    secret    TEXT    NOT NULL,
    cdr       BOOLEAN NOT NULL,
    record    BOOLEAN NOT NULL,
    voicemail BOOLEAN NOT NULL
);
