-- Views that answer the questions people ask first. They hold nothing of their own.

CREATE VIEW kandji.app_discovery AS
SELECT a.account_id, a.app_id, a.app_name, a.bundle_id, a.developer_name, a.users, a.devices, v.versions, a.first_seen_at
FROM (
    SELECT account_id, app_id,
           mode() WITHIN GROUP (ORDER BY app_name) AS app_name,
           min(bundle_id) AS bundle_id,
           min(developer_name) AS developer_name,
           count(*) AS users,
           sum(device_count) AS devices,
           min(first_seen_at) AS first_seen_at
    FROM kandji.usage
    GROUP BY account_id, app_id
) a
LEFT JOIN (
    SELECT account_id, app_id, array_agg(DISTINCT version ORDER BY version) AS versions
    FROM kandji.usage, unnest(versions) AS version
    GROUP BY account_id, app_id
) v USING (account_id, app_id);

COMMENT ON VIEW kandji.app_discovery IS 'Apps found in each account: how many users and devices have them, in which versions.';
COMMENT ON COLUMN kandji.app_discovery.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.app_discovery.app_id IS 'Bundle id, else name: and the normalised name.';
COMMENT ON COLUMN kandji.app_discovery.app_name IS 'The display name most users see.';
COMMENT ON COLUMN kandji.app_discovery.bundle_id IS 'Bundle id; null where the app has none.';
COMMENT ON COLUMN kandji.app_discovery.developer_name IS 'Developer.';
COMMENT ON COLUMN kandji.app_discovery.users IS 'Users who have the app.';
COMMENT ON COLUMN kandji.app_discovery.devices IS 'Attributed devices that have the app.';
COMMENT ON COLUMN kandji.app_discovery.versions IS 'Versions seen, in text order; of each user at most the 20 smallest.';
COMMENT ON COLUMN kandji.app_discovery.first_seen_at IS 'Earliest time the app was put on one of these devices; null where unknown.';

CREATE VIEW kandji.seats AS
SELECT account_id, license_type,
       count(*) AS seats,
       count(*) FILTER (WHERE user_status = 'ACTIVE') AS active,
       count(*) FILTER (WHERE user_status = 'ARCHIVED') AS archived,
       count(DISTINCT user_id) AS users
FROM kandji.licenses
GROUP BY account_id, license_type;

COMMENT ON VIEW kandji.seats IS 'Seats in use, per account and license type.';
COMMENT ON COLUMN kandji.seats.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.seats.license_type IS 'Mac, iPhone, iPad; others by configuration.';
COMMENT ON COLUMN kandji.seats.seats IS 'Seats in use.';
COMMENT ON COLUMN kandji.seats.active IS 'Seats held by users who are active.';
COMMENT ON COLUMN kandji.seats.archived IS 'Seats still held by users who are archived.';
COMMENT ON COLUMN kandji.seats.users IS 'Users who hold them.';

CREATE VIEW kandji.people AS
SELECT lower(email) AS email,
       (array_agg(name ORDER BY status, account_id, user_id) FILTER (WHERE name IS NOT NULL))[1] AS name,
       min(status) AS status,
       array_agg(DISTINCT account_id ORDER BY account_id) AS account_ids,
       count(*) AS users,
       sum(device_count) AS devices,
       sum(license_count) AS licenses
FROM kandji.users
WHERE email IS NOT NULL
GROUP BY lower(email);

COMMENT ON VIEW kandji.people IS 'People over all accounts: users with the same email are one person.';
COMMENT ON COLUMN kandji.people.email IS 'Email, lower case.';
COMMENT ON COLUMN kandji.people.name IS 'Name, of an active user rather than of an archived one.';
COMMENT ON COLUMN kandji.people.status IS 'ACTIVE where any of the users is active, else ARCHIVED.';
COMMENT ON COLUMN kandji.people.account_ids IS 'Accounts the person is known in.';
COMMENT ON COLUMN kandji.people.users IS 'How many users the person is.';
COMMENT ON COLUMN kandji.people.devices IS 'Devices attributed to them.';
COMMENT ON COLUMN kandji.people.licenses IS 'Seats they hold.';

-- A period runs from the event that began it to the next that ended it; events that only change details do neither. The first
-- event known of a key begins a period whatever its type: the log before it may have been compacted.
CREATE VIEW kandji.license_periods AS
SELECT account_id, device_id,
       after ->> 'license_type' AS license_type,
       after ->> 'serial_number' AS serial_number,
       after ->> 'user_id' AS user_id,
       after ->> 'user_email' AS user_email,
       after ->> 'user_name' AS user_name,
       (after ->> 'assigned_at')::timestamptz AS valid_from,
       valid_to, cause, end_cause
FROM (
    SELECT account_id, device_id, after, cause,
           lead(observed_at) OVER of_key AS valid_to,
           lead(cause) OVER of_key AS end_cause
    FROM (
        SELECT *, row_number() OVER (PARTITION BY account_id, device_id ORDER BY arrival) = 1 AS is_first
        FROM kandji.license_events
    ) event
    WHERE is_first OR event_type <> 'license.updated'
    WINDOW of_key AS (PARTITION BY account_id, device_id ORDER BY arrival)
) boundary
WHERE after IS NOT NULL;

COMMENT ON VIEW kandji.license_periods IS 'Who held which seat, since when and until when.';
COMMENT ON COLUMN kandji.license_periods.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.license_periods.device_id IS 'Device whose seat it is.';
COMMENT ON COLUMN kandji.license_periods.license_type IS 'Mac, iPhone, iPad; others by configuration.';
COMMENT ON COLUMN kandji.license_periods.serial_number IS 'Serial number of the device when the period began.';
COMMENT ON COLUMN kandji.license_periods.user_id IS 'User who held the seat.';
COMMENT ON COLUMN kandji.license_periods.user_email IS 'Their email when the period began.';
COMMENT ON COLUMN kandji.license_periods.user_name IS 'Their name when the period began.';
COMMENT ON COLUMN kandji.license_periods.valid_from IS 'When the user got the seat; null where they had it before anybody looked.';
COMMENT ON COLUMN kandji.license_periods.valid_to IS 'When another got it or it was revoked; null while they hold it.';
COMMENT ON COLUMN kandji.license_periods.cause IS 'Why the period began.';
COMMENT ON COLUMN kandji.license_periods.end_cause IS 'Why it ended; null while it lasts.';

CREATE VIEW kandji.usage_periods AS
SELECT account_id, user_id, app_id,
       after ->> 'user_email' AS user_email,
       after ->> 'app_name' AS app_name,
       after ->> 'bundle_id' AS bundle_id,
       CASE WHEN event_type = 'usage.started' AND op <> 'r' THEN observed_at END AS valid_from,
       valid_to, cause, end_cause
FROM (
    SELECT account_id, user_id, app_id, event_type, op, observed_at, after, cause,
           lead(observed_at) OVER of_key AS valid_to,
           lead(cause) OVER of_key AS end_cause
    FROM (
        SELECT *, row_number() OVER (PARTITION BY account_id, user_id, app_id ORDER BY arrival) = 1 AS is_first
        FROM kandji.usage_events
    ) event
    WHERE is_first OR event_type <> 'usage.updated'
    WINDOW of_key AS (PARTITION BY account_id, user_id, app_id ORDER BY arrival)
) boundary
WHERE after IS NOT NULL;

COMMENT ON VIEW kandji.usage_periods IS 'Who had which app, since when and until when.';
COMMENT ON COLUMN kandji.usage_periods.account_id IS 'Id of the Kandji account.';
COMMENT ON COLUMN kandji.usage_periods.user_id IS 'User who had the app.';
COMMENT ON COLUMN kandji.usage_periods.app_id IS 'Bundle id, else name: and the normalised name.';
COMMENT ON COLUMN kandji.usage_periods.user_email IS 'Email of the user when the period began.';
COMMENT ON COLUMN kandji.usage_periods.app_name IS 'Display name when the period began.';
COMMENT ON COLUMN kandji.usage_periods.bundle_id IS 'Bundle id; null where the app has none.';
COMMENT ON COLUMN kandji.usage_periods.valid_from IS 'When the first device of the user was seen with the app; null where it was there before anybody looked.';
COMMENT ON COLUMN kandji.usage_periods.valid_to IS 'When the last of them was seen without it; null while one has it.';
COMMENT ON COLUMN kandji.usage_periods.cause IS 'Why the period began.';
COMMENT ON COLUMN kandji.usage_periods.end_cause IS 'Why it ended; null while it lasts.';
