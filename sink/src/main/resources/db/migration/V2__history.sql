-- History: every event once. "arrival" orders the events of one key as the topic does, which no time of day can promise.
-- Besides the id, one index per table finds the events of a key; the BRIN index finds a span of time and costs next to nothing,
-- since rows arrive nearly in that order.

CREATE TABLE kandji.device_events (
    event_id uuid PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY,
    event_type text NOT NULL,
    cause text NOT NULL,
    op text NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    sweep_id text NOT NULL,
    collected_at timestamptz,
    observed_at timestamptz NOT NULL,
    emitted_at timestamptz NOT NULL,
    before jsonb,
    after jsonb
);

CREATE INDEX device_events_key ON kandji.device_events (account_id, device_id);
CREATE INDEX device_events_observed_at ON kandji.device_events USING brin (observed_at);

COMMENT ON TABLE kandji.device_events IS 'Every event of topic devices, once.';
COMMENT ON COLUMN kandji.device_events.event_id IS 'Id of the event; equal for the same event after any crash or rebuild.';
COMMENT ON COLUMN kandji.device_events.arrival IS 'Order of writing; among the events of one key it is the order of the topic.';
COMMENT ON COLUMN kandji.device_events.event_type IS 'device.attributed, device.updated, device.seen or device.released.';
COMMENT ON COLUMN kandji.device_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED or ACCOUNT_REMOVED.';
COMMENT ON COLUMN kandji.device_events.op IS 'r baseline, c created, u updated, d deleted.';
COMMENT ON COLUMN kandji.device_events.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.device_events.device_id IS 'Kandji''s device id.';
COMMENT ON COLUMN kandji.device_events.sweep_id IS 'Sweep that brought the change.';
COMMENT ON COLUMN kandji.device_events.collected_at IS 'When the device last reported its apps; null where apps played no part or the time is unknown.';
COMMENT ON COLUMN kandji.device_events.observed_at IS 'When the change was read from the API.';
COMMENT ON COLUMN kandji.device_events.emitted_at IS 'When the event was made.';
COMMENT ON COLUMN kandji.device_events.before IS 'State before; null for op r and c. Times are ISO 8601 text in UTC.';
COMMENT ON COLUMN kandji.device_events.after IS 'State after; null for op d. Times are ISO 8601 text in UTC.';

CREATE TABLE kandji.license_events (
    event_id uuid PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY,
    event_type text NOT NULL,
    cause text NOT NULL,
    op text NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    sweep_id text NOT NULL,
    collected_at timestamptz,
    observed_at timestamptz NOT NULL,
    emitted_at timestamptz NOT NULL,
    before jsonb,
    after jsonb
);

CREATE INDEX license_events_key ON kandji.license_events (account_id, device_id);
CREATE INDEX license_events_observed_at ON kandji.license_events USING brin (observed_at);

COMMENT ON TABLE kandji.license_events IS 'Every event of topic licenses, once.';
COMMENT ON COLUMN kandji.license_events.event_id IS 'Id of the event; equal for the same event after any crash or rebuild.';
COMMENT ON COLUMN kandji.license_events.arrival IS 'Order of writing; among the events of one key it is the order of the topic.';
COMMENT ON COLUMN kandji.license_events.event_type IS 'license.assigned, license.reassigned, license.updated or license.revoked.';
COMMENT ON COLUMN kandji.license_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED or ACCOUNT_REMOVED.';
COMMENT ON COLUMN kandji.license_events.op IS 'r baseline, c created, u updated, d deleted.';
COMMENT ON COLUMN kandji.license_events.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.license_events.device_id IS 'Kandji''s device id.';
COMMENT ON COLUMN kandji.license_events.sweep_id IS 'Sweep that brought the change.';
COMMENT ON COLUMN kandji.license_events.collected_at IS 'When the device last reported its apps; null where apps played no part or the time is unknown.';
COMMENT ON COLUMN kandji.license_events.observed_at IS 'When the change was read from the API.';
COMMENT ON COLUMN kandji.license_events.emitted_at IS 'When the event was made.';
COMMENT ON COLUMN kandji.license_events.before IS 'State before; null for op r and c. Times are ISO 8601 text in UTC.';
COMMENT ON COLUMN kandji.license_events.after IS 'State after; null for op d. Times are ISO 8601 text in UTC.';

CREATE TABLE kandji.user_events (
    event_id uuid PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY,
    event_type text NOT NULL,
    cause text NOT NULL,
    op text NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    sweep_id text NOT NULL,
    collected_at timestamptz,
    observed_at timestamptz NOT NULL,
    emitted_at timestamptz NOT NULL,
    before jsonb,
    after jsonb
);

CREATE INDEX user_events_key ON kandji.user_events (account_id, user_id);
CREATE INDEX user_events_observed_at ON kandji.user_events USING brin (observed_at);

COMMENT ON TABLE kandji.user_events IS 'Every event of topic users, once.';
COMMENT ON COLUMN kandji.user_events.event_id IS 'Id of the event; equal for the same event after any crash or rebuild.';
COMMENT ON COLUMN kandji.user_events.arrival IS 'Order of writing; among the events of one key it is the order of the topic.';
COMMENT ON COLUMN kandji.user_events.event_type IS 'user.discovered, user.updated or user.removed.';
COMMENT ON COLUMN kandji.user_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED or ACCOUNT_REMOVED.';
COMMENT ON COLUMN kandji.user_events.op IS 'r baseline, c created, u updated, d deleted.';
COMMENT ON COLUMN kandji.user_events.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.user_events.user_id IS 'Kandji''s user id as text, else email: and the email.';
COMMENT ON COLUMN kandji.user_events.sweep_id IS 'Sweep that brought the change.';
COMMENT ON COLUMN kandji.user_events.collected_at IS 'When the device last reported its apps; null where apps played no part or the time is unknown.';
COMMENT ON COLUMN kandji.user_events.observed_at IS 'When the change was read from the API.';
COMMENT ON COLUMN kandji.user_events.emitted_at IS 'When the event was made.';
COMMENT ON COLUMN kandji.user_events.before IS 'State before; null for op r and c. Times are ISO 8601 text in UTC.';
COMMENT ON COLUMN kandji.user_events.after IS 'State after; null for op d. Times are ISO 8601 text in UTC.';

CREATE TABLE kandji.usage_events (
    event_id uuid PRIMARY KEY,
    arrival bigint GENERATED ALWAYS AS IDENTITY,
    event_type text NOT NULL,
    cause text NOT NULL,
    op text NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    sweep_id text NOT NULL,
    collected_at timestamptz,
    observed_at timestamptz NOT NULL,
    emitted_at timestamptz NOT NULL,
    before jsonb,
    after jsonb
);

CREATE INDEX usage_events_key ON kandji.usage_events (account_id, user_id, app_id);
CREATE INDEX usage_events_observed_at ON kandji.usage_events USING brin (observed_at);

COMMENT ON TABLE kandji.usage_events IS 'Every event of topic usage, once.';
COMMENT ON COLUMN kandji.usage_events.event_id IS 'Id of the event; equal for the same event after any crash or rebuild.';
COMMENT ON COLUMN kandji.usage_events.arrival IS 'Order of writing; among the events of one key it is the order of the topic.';
COMMENT ON COLUMN kandji.usage_events.event_type IS 'usage.started, usage.updated or usage.ended.';
COMMENT ON COLUMN kandji.usage_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED or ACCOUNT_REMOVED.';
COMMENT ON COLUMN kandji.usage_events.op IS 'r baseline, c created, u updated, d deleted.';
COMMENT ON COLUMN kandji.usage_events.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.usage_events.user_id IS 'Kandji''s user id as text, else email: and the email.';
COMMENT ON COLUMN kandji.usage_events.app_id IS 'Bundle id, else name: and the normalised name.';
COMMENT ON COLUMN kandji.usage_events.sweep_id IS 'Sweep that brought the change.';
COMMENT ON COLUMN kandji.usage_events.collected_at IS 'When the device last reported its apps; null where apps played no part or the time is unknown.';
COMMENT ON COLUMN kandji.usage_events.observed_at IS 'When the change was read from the API.';
COMMENT ON COLUMN kandji.usage_events.emitted_at IS 'When the event was made.';
COMMENT ON COLUMN kandji.usage_events.before IS 'State before; null for op r and c. Times are ISO 8601 text in UTC.';
COMMENT ON COLUMN kandji.usage_events.after IS 'State after; null for op d. Times are ISO 8601 text in UTC.';
