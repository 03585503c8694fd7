-- +goose Up

-- One row per finished session. What lists filter by is a column, everything else is in the body.
CREATE TABLE cdr (
    app          BIGINT  NOT NULL,
    session_id   TEXT    NOT NULL,
    start_at     BIGINT  NOT NULL,
    end_at       BIGINT  NOT NULL,
    caller       TEXT    NOT NULL,
    callee       TEXT    NOT NULL,
    direction    INTEGER NOT NULL,
    call_type    INTEGER NOT NULL,
    end_status   INTEGER NOT NULL,
    seat         TEXT    NOT NULL,
    queued_group BIGINT  NOT NULL,
    body         BYTEA   NOT NULL,
    PRIMARY KEY (app, session_id)
);
CREATE INDEX cdr_by_start ON cdr (app, start_at, session_id);
CREATE INDEX cdr_by_caller ON cdr (app, caller, start_at);
CREATE INDEX cdr_by_callee ON cdr (app, callee, start_at);

CREATE TABLE recording (
    app           BIGINT NOT NULL,
    record_id     TEXT   NOT NULL,
    session_id    TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    endpoint_user TEXT   NOT NULL,
    blob_key      TEXT   NOT NULL,
    start_at      BIGINT NOT NULL,
    duration_ms   BIGINT NOT NULL,
    size_bytes    BIGINT NOT NULL,
    PRIMARY KEY (app, record_id)
);
CREATE INDEX recording_by_session ON recording (app, session_id, start_at);

CREATE TABLE push_delivery (
    app        BIGINT  NOT NULL,
    uuid       TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    seq        BIGINT  NOT NULL,
    action     TEXT    NOT NULL,
    body       BYTEA   NOT NULL,
    state      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    status     INTEGER NOT NULL,
    error      TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    tried_at   BIGINT  NOT NULL,
    sent_at    BIGINT  NOT NULL,
    PRIMARY KEY (app, uuid)
);
CREATE INDEX push_delivery_pending ON push_delivery (app, session_id, seq, uuid) WHERE state = 'pending';
CREATE INDEX push_delivery_by_time ON push_delivery (app, created_at, uuid);
CREATE INDEX push_delivery_by_session ON push_delivery (app, session_id, seq);

-- An agent's statuses, one after the other; the present one ends in the far future. Microseconds, since several may begin
-- within a millisecond. n orders those that begin at once.
CREATE TABLE agent_status (
    app      BIGINT NOT NULL,
    user_id  TEXT   NOT NULL,
    n        BIGINT NOT NULL,
    status   TEXT   NOT NULL,
    was      TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    session  TEXT   NOT NULL,
    by_whom  TEXT   NOT NULL,
    since_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    PRIMARY KEY (app, user_id, n),
    UNIQUE (app, user_id, since_us, status, was)
);
CREATE INDEX agent_status_by_end ON agent_status (app, until_us);
CREATE INDEX agent_status_by_user_end ON agent_status (app, user_id, until_us);

CREATE TABLE agent_last (
    app       BIGINT NOT NULL,
    user_id   TEXT   NOT NULL,
    online_us BIGINT NOT NULL,
    status_us BIGINT NOT NULL,
    PRIMARY KEY (app, user_id)
);

-- A finished session's journal.
CREATE TABLE transcript (
    app        BIGINT NOT NULL,
    session_id TEXT   NOT NULL,
    entries    BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app, session_id)
);
