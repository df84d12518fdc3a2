-- Periods continue when a user's id changes. New columns for what a sweep did not read or confirm.

ALTER TABLE kandji.sweeps ADD COLUMN unread bigint NOT NULL DEFAULT 0;
ALTER TABLE kandji.sweeps ADD COLUMN confirmed_at timestamptz;
COMMENT ON COLUMN kandji.sweeps.unread IS 'Devices with a row in this sweep of which only the id could be read.';
COMMENT ON COLUMN kandji.sweeps.confirmed_at IS 'When the latest fully read sweep of this kind (COMPLETE or QUARANTINED) started. The data that it showed is as old as this, however long reading and publishing took; null if there was none.';
COMMENT ON COLUMN kandji.sweeps.raw_end_offsets IS 'Where this sweep''s raw records end: an object from topic/partition to the offset after the last record; empty if it published none. It may also name the topic unconfirmed, which does not affect these tables.';

ALTER TABLE kandji.accounts ADD COLUMN devices_confirmed_at timestamptz;
ALTER TABLE kandji.accounts ADD COLUMN apps_confirmed_at timestamptz;
COMMENT ON COLUMN kandji.accounts.devices_confirmed_at IS 'When the latest fully read sweep of devices (COMPLETE or QUARANTINED) started: the data about devices is as old as this.';
COMMENT ON COLUMN kandji.accounts.apps_confirmed_at IS 'When the latest fully read sweep of apps (COMPLETE or QUARANTINED) started: the data about apps is as old as this.';

COMMENT ON COLUMN kandji.devices.serial_number IS 'In its normal form: without white space around it, ASCII letters in upper case. May be missing, a placeholder, or shared by several devices; see serial_problems.';
COMMENT ON COLUMN kandji.unattributed_devices.serial_number IS 'In its normal form: without white space around it, ASCII letters in upper case. May be missing, a placeholder, or shared by several devices; see serial_problems.';
COMMENT ON COLUMN kandji.licenses.serial_number IS 'Serial number of the device, in its normal form.';
COMMENT ON COLUMN kandji.licenses.assigned_at IS 'When this person got the seat; null if the seat existed before the first complete sweep. The same id or the same email is the same person.';
COMMENT ON COLUMN kandji.usage.app_id IS 'Bundle id, trimmed. If it is missing or a placeholder: name: and the normalised name.';
COMMENT ON COLUMN kandji.usage.bundle_id IS 'Bundle id, trimmed; null if it is missing or a placeholder.';

COMMENT ON COLUMN kandji.device_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED, ACCOUNT_REMOVED or DEVICE_REENROLLED.';
COMMENT ON COLUMN kandji.license_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED, ACCOUNT_REMOVED or DEVICE_REENROLLED.';
COMMENT ON COLUMN kandji.user_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED, ACCOUNT_REMOVED or DEVICE_REENROLLED.';
COMMENT ON COLUMN kandji.usage_events.cause IS 'Why: BASELINE, DEVICE_ENROLLED, DEVICE_REMOVED, USER_ASSIGNED, USER_UNASSIGNED, USER_CHANGED, USER_ARCHIVED, USER_UNARCHIVED, DEVICE_CHANGED, APP_INSTALLED, APP_UPDATED, APP_REMOVED, RULES_CHANGED, ACCOUNT_REMOVED or DEVICE_REENROLLED.';

-- The seat stays with its person when id, email and name change, so the period shows their latest values.
CREATE OR REPLACE VIEW kandji.license_periods AS
SELECT account_id, device_id,
       after ->> 'license_type' AS license_type,
       after ->> 'serial_number' AS serial_number,
       latest ->> 'user_id' AS user_id,
       latest ->> 'user_email' AS user_email,
       latest ->> 'user_name' AS user_name,
       (after ->> 'assigned_at')::timestamptz AS valid_from,
       valid_to, cause, end_cause
FROM (
    SELECT account_id, device_id, after, latest, cause,
           lead(observed_at) OVER of_key AS valid_to,
           lead(cause) OVER of_key AS end_cause
    FROM (
        SELECT *, last_value(after) OVER (
                   PARTITION BY account_id, device_id, period ORDER BY arrival
                   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS latest
        FROM (
            SELECT *, row_number() OVER of_key = 1 AS is_first,
                   count(*) FILTER (WHERE event_type <> 'license.updated') OVER of_key AS period
            FROM kandji.license_events
            WINDOW of_key AS (PARTITION BY account_id, device_id ORDER BY arrival)
        ) event
    ) of_period
    WHERE is_first OR event_type <> 'license.updated'
    WINDOW of_key AS (PARTITION BY account_id, device_id ORDER BY arrival)
) boundary
WHERE after IS NOT NULL;

COMMENT ON COLUMN kandji.license_periods.user_id IS 'User who held the seat, with the last id of the period: the same id or the same email is the same person.';
COMMENT ON COLUMN kandji.license_periods.user_email IS 'Their last email in the period.';
COMMENT ON COLUMN kandji.license_periods.user_name IS 'Their last name in the period.';
COMMENT ON COLUMN kandji.license_periods.valid_from IS 'When the person got the seat; null if they had it before the first complete sweep.';
COMMENT ON COLUMN kandji.license_periods.valid_to IS 'When another person got it or it was revoked; null while they hold it.';

-- Finds a user's former keys by sweep: few of all events. It is compared with user_id, so it uses the same byte-wise collation.
CREATE INDEX device_events_user_changed ON kandji.device_events (account_id, (after ->> 'user_id') COLLATE "C", sweep_id)
    WHERE cause = 'USER_CHANGED';

-- A user's key is its id. If the id of a person changes, usages end under one key and begin, or grow, under the other, with
-- cause USER_CHANGED and in one sweep. The device event of that sweep has both keys. Such a period continues under the other
-- key. The view shows it there, from its first beginning, however often the key changed.
CREATE OR REPLACE VIEW kandji.usage_periods AS
SELECT p.account_id, p.user_id, p.app_id,
       p.after ->> 'user_email' AS user_email,
       p.after ->> 'app_name' AS app_name,
       p.after ->> 'bundle_id' AS bundle_id,
       CASE WHEN o.cause IS NULL THEN p.valid_from ELSE o.valid_from END AS valid_from,
       p.valid_to,
       coalesce(o.cause, p.cause) AS cause,
       p.end_cause
FROM (
    SELECT account_id, user_id, app_id, arrival, after, cause, touched,
           CASE WHEN event_type = 'usage.started' AND op <> 'r' THEN observed_at END AS valid_from,
           lead(observed_at) OVER of_key AS valid_to,
           lead(cause) OVER of_key AS end_cause,
           lead(arrival) OVER of_key AS end_arrival,
           lead(sweep_id) OVER of_key AS end_sweep_id,
           lead(before -> 'device_ids' ->> 0) OVER of_key AS end_device_id
    FROM (
        SELECT *,
               row_number() OVER (PARTITION BY account_id, user_id, app_id ORDER BY arrival) = 1 AS is_first,
               bool_or(cause = 'USER_CHANGED' AND event_type <> 'usage.ended')
                   OVER (PARTITION BY account_id, user_id, app_id) AS touched
        FROM kandji.usage_events
    ) event
    WHERE is_first OR event_type <> 'usage.updated'
    WINDOW of_key AS (PARTITION BY account_id, user_id, app_id ORDER BY arrival)
) p
-- The first beginning among this period and those that it continues. Most periods continue none and skip this.
LEFT JOIN LATERAL (
    WITH RECURSIVE piece AS (
        SELECT p.user_id, coalesce(p.end_arrival - 1, 9223372036854775807) AS upto
        WHERE p.touched
        UNION
        SELECT lost.user_id, lost.arrival
        FROM piece
        CROSS JOIN LATERAL (
            SELECT s.arrival
            FROM kandji.usage_events s
            WHERE s.account_id = p.account_id AND s.user_id = piece.user_id AND s.app_id = p.app_id
                AND s.arrival <= piece.upto
            ORDER BY s.event_type = 'usage.started' DESC,
                CASE WHEN s.event_type = 'usage.started' THEN -s.arrival ELSE s.arrival END
            LIMIT 1
        ) began
        JOIN kandji.usage_events gained
            ON gained.account_id = p.account_id AND gained.user_id = piece.user_id AND gained.app_id = p.app_id
            AND gained.arrival BETWEEN began.arrival AND piece.upto
            AND gained.cause = 'USER_CHANGED' AND gained.event_type <> 'usage.ended'
        JOIN kandji.device_events moved
            ON moved.account_id = p.account_id AND moved.after ->> 'user_id' = gained.user_id
            AND moved.sweep_id = gained.sweep_id AND moved.cause = 'USER_CHANGED'
            AND moved.before ->> 'user_id' <> gained.user_id
        JOIN kandji.usage_events lost
            ON lost.account_id = p.account_id AND lost.user_id = moved.before ->> 'user_id' AND lost.app_id = p.app_id
            AND lost.sweep_id = gained.sweep_id AND lost.cause = 'USER_CHANGED' AND lost.event_type <> 'usage.started'
    )
    SELECT CASE WHEN began.event_type = 'usage.started' AND began.op <> 'r' THEN began.observed_at END AS valid_from,
           began.cause
    FROM piece
    CROSS JOIN LATERAL (
        SELECT s.event_type, s.op, s.observed_at, s.cause
        FROM kandji.usage_events s
        WHERE s.account_id = p.account_id AND s.user_id = piece.user_id AND s.app_id = p.app_id
            AND s.arrival <= piece.upto
        ORDER BY s.event_type = 'usage.started' DESC,
            CASE WHEN s.event_type = 'usage.started' THEN -s.arrival ELSE s.arrival END
        LIMIT 1
    ) began
    ORDER BY 1 NULLS FIRST
    LIMIT 1
) o ON true
WHERE p.after IS NOT NULL
    AND (p.end_cause IS DISTINCT FROM 'USER_CHANGED' OR NOT EXISTS (
        SELECT
        FROM kandji.device_events moved
        JOIN kandji.usage_events gained
            ON gained.account_id = p.account_id AND gained.user_id = moved.after ->> 'user_id'
            AND gained.app_id = p.app_id AND gained.sweep_id = p.end_sweep_id
            AND gained.cause = 'USER_CHANGED' AND gained.event_type <> 'usage.ended'
        WHERE moved.account_id = p.account_id AND moved.device_id = p.end_device_id
            AND moved.sweep_id = p.end_sweep_id AND moved.cause = 'USER_CHANGED'
            AND moved.before ->> 'user_id' = p.user_id AND moved.after ->> 'user_id' <> p.user_id
    ));

COMMENT ON COLUMN kandji.usage_periods.user_id IS 'User who had the app, with the last id of the period: the same id or the same email is the same person.';
COMMENT ON COLUMN kandji.usage_periods.user_email IS 'Email of the user when the period began under this id.';
COMMENT ON COLUMN kandji.usage_periods.app_name IS 'Display name when the period began under this id.';
