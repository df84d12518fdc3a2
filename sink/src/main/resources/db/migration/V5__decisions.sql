-- What posture answered. Rows are added and never changed. Ids sort by time, so the primary key is filled at its end only; the
-- other indexes are those of an audit: a span of time, a device, a person.

CREATE TABLE kandji.decisions (
    decision_id uuid PRIMARY KEY,
    decided_at timestamptz NOT NULL,
    client text NOT NULL,
    serial_number text COLLATE "C" NOT NULL,
    platform text,
    user_email text COLLATE "C",
    context jsonb NOT NULL,
    decision text NOT NULL,
    rule text,
    monitored text[] NOT NULL,
    missing text[] NOT NULL,
    source text NOT NULL,
    data_age_ms bigint,
    account_id text COLLATE "C",
    device_id text COLLATE "C",
    attributes jsonb NOT NULL,
    policy_version text NOT NULL,
    device_key text COLLATE "C"
);

CREATE INDEX decisions_decided_at ON kandji.decisions (decided_at);
CREATE INDEX decisions_serial_number ON kandji.decisions (serial_number, decided_at);
CREATE INDEX decisions_user_email ON kandji.decisions (user_email, decided_at);

COMMENT ON TABLE kandji.decisions IS 'Every answer of posture that was recorded, once. From topic decisions.';
COMMENT ON COLUMN kandji.decisions.decision_id IS 'Id of the decision, as its answer says it; ids sort by time.';
COMMENT ON COLUMN kandji.decisions.decided_at IS 'When.';
COMMENT ON COLUMN kandji.decisions.client IS 'Name of the token that asked.';
COMMENT ON COLUMN kandji.decisions.serial_number IS 'Serial number asked about, upper case; there may be no device with it.';
COMMENT ON COLUMN kandji.decisions.platform IS 'Platform as the asker says it, in Kandji''s word where there is one; null where the asker says nothing.';
COMMENT ON COLUMN kandji.decisions.user_email IS 'Email of who was about to sign in, as the asker says it, lower case; null where the asker says nothing.';
COMMENT ON COLUMN kandji.decisions.context IS 'What else the asker says of the occasion: an object of texts.';
COMMENT ON COLUMN kandji.decisions.decision IS 'allow or deny.';
COMMENT ON COLUMN kandji.decisions.rule IS 'Name of the rule that decided; null where no rule matched, which denies.';
COMMENT ON COLUMN kandji.decisions.monitored IS 'Names of the monitor rules that matched before, in the policy''s order.';
COMMENT ON COLUMN kandji.decisions.missing IS 'Attributes whose absence made a rule match.';
COMMENT ON COLUMN kandji.decisions.source IS 'Where the device''s state was from: view or live.';
COMMENT ON COLUMN kandji.decisions.data_age_ms IS 'How old the device''s state was, in milliseconds; null where not known.';
COMMENT ON COLUMN kandji.decisions.account_id IS 'Account of the device that was judged; null where there was none.';
COMMENT ON COLUMN kandji.decisions.device_id IS 'Kandji''s id of the device that was judged; null where there was none.';
COMMENT ON COLUMN kandji.decisions.attributes IS 'What was known, an object of texts: true or false, whole seconds, a list as a JSON array, else as it is. What was not known is left out.';
COMMENT ON COLUMN kandji.decisions.policy_version IS 'Version of the policy that judged.';
COMMENT ON COLUMN kandji.decisions.device_key IS 'The record_key of the device''s rows in devices, licenses and unattributed_devices; null where there was no device.';

CREATE VIEW kandji.decision_audit AS
SELECT d.decision_id, d.decided_at, d.client, d.decision,
       CASE
           WHEN d.rule IS NULL THEN 'denied, since no rule matched'
           WHEN d.decision = 'allow' THEN 'allowed by ' || d.rule
           ELSE 'denied by ' || d.rule
       END
       || CASE WHEN d.missing = '{}' THEN '' ELSE '; not known: ' || array_to_string(d.missing, ', ') END
       || CASE WHEN d.monitored = '{}' THEN '' ELSE '; noticed by ' || array_to_string(d.monitored, ', ') END
       || CASE
           WHEN d.attributes ->> 'connection' <> 'available'
           THEN '; ' || concat_ws(', ', d.attributes ->> 'connection', nullif(d.attributes ->> 'connection_reason', ''))
           ELSE ''
       END AS reason,
       d.rule, d.monitored, d.missing, d.serial_number, d.user_email, d.platform, d.context, d.source,
       d.data_age_ms * interval '1 millisecond' AS data_age,
       d.attributes, d.policy_version, d.account_id, d.device_id,
       coalesce(v.device_name, u.device_name) AS device_name,
       coalesce(v.model, u.model) AS device_model,
       v.user_id AS assigned_user_id, v.user_email AS assigned_user_email, v.user_name AS assigned_user_name,
       l.license_type, l.assigned_at AS license_assigned_at,
       a.connection AS account_connection
FROM kandji.decisions d
LEFT JOIN kandji.devices v ON v.record_key = d.device_key
LEFT JOIN kandji.unattributed_devices u ON u.record_key = d.device_key
LEFT JOIN kandji.licenses l ON l.record_key = d.device_key
LEFT JOIN kandji.accounts a ON a.account_id = d.account_id;

COMMENT ON VIEW kandji.decision_audit IS 'Every recorded answer of posture with its reason, and the device as it is now.';
COMMENT ON COLUMN kandji.decision_audit.decision_id IS 'Id of the decision; ids sort by time.';
COMMENT ON COLUMN kandji.decision_audit.decided_at IS 'When.';
COMMENT ON COLUMN kandji.decision_audit.client IS 'Name of the token that asked.';
COMMENT ON COLUMN kandji.decision_audit.decision IS 'allow or deny.';
COMMENT ON COLUMN kandji.decision_audit.reason IS 'Why, in words; for people, the wording may change.';
COMMENT ON COLUMN kandji.decision_audit.rule IS 'Name of the rule that decided; null where no rule matched, which denies.';
COMMENT ON COLUMN kandji.decision_audit.monitored IS 'Names of the monitor rules that matched before.';
COMMENT ON COLUMN kandji.decision_audit.missing IS 'Attributes whose absence made a rule match.';
COMMENT ON COLUMN kandji.decision_audit.serial_number IS 'Serial number asked about, upper case.';
COMMENT ON COLUMN kandji.decision_audit.user_email IS 'Email of who was about to sign in, as the asker says it; null where the asker says nothing.';
COMMENT ON COLUMN kandji.decision_audit.platform IS 'Platform as the asker says it; null where the asker says nothing.';
COMMENT ON COLUMN kandji.decision_audit.context IS 'What else the asker says of the occasion.';
COMMENT ON COLUMN kandji.decision_audit.source IS 'Where the device''s state was from: view or live.';
COMMENT ON COLUMN kandji.decision_audit.data_age IS 'How old the device''s state was; null where not known.';
COMMENT ON COLUMN kandji.decision_audit.attributes IS 'What was known then: an object of texts.';
COMMENT ON COLUMN kandji.decision_audit.policy_version IS 'Version of the policy that judged.';
COMMENT ON COLUMN kandji.decision_audit.account_id IS 'Account of the device that was judged; null where there was none.';
COMMENT ON COLUMN kandji.decision_audit.device_id IS 'Kandji''s id of the device that was judged; null where there was none.';
COMMENT ON COLUMN kandji.decision_audit.device_name IS 'Name of the device now; null where it is gone.';
COMMENT ON COLUMN kandji.decision_audit.device_model IS 'Model of the device; null where it is gone.';
COMMENT ON COLUMN kandji.decision_audit.assigned_user_id IS 'User the device is assigned to now; null where there is none. Who it was then is among the attributes.';
COMMENT ON COLUMN kandji.decision_audit.assigned_user_email IS 'Their email.';
COMMENT ON COLUMN kandji.decision_audit.assigned_user_name IS 'Their name.';
COMMENT ON COLUMN kandji.decision_audit.license_type IS 'Type of the seat that the device has now; null where it has none.';
COMMENT ON COLUMN kandji.decision_audit.license_assigned_at IS 'When its user got the seat; null where they had it before anybody looked.';
COMMENT ON COLUMN kandji.decision_audit.account_connection IS 'Connection of the account now.';

CREATE VIEW kandji.decision_summary AS
SELECT (decided_at AT TIME ZONE 'UTC')::date AS day, outcome, rule,
       count(*) AS decisions,
       count(DISTINCT serial_number) AS serial_numbers,
       count(DISTINCT user_email) AS users,
       count(*) FILTER (WHERE missing <> '{}') AS with_missing,
       count(*) FILTER (WHERE source = 'live') AS live
FROM (
    SELECT decided_at, decision AS outcome, rule, serial_number, user_email, missing, source
    FROM kandji.decisions
    UNION ALL
    SELECT decided_at, 'monitor', monitoring, serial_number, user_email, missing, source
    FROM kandji.decisions, unnest(monitored) AS monitoring
) matched
GROUP BY 1, 2, 3;

COMMENT ON VIEW kandji.decision_summary IS 'How often each rule matched, by day.';
COMMENT ON COLUMN kandji.decision_summary.day IS 'Day in UTC.';
COMMENT ON COLUMN kandji.decision_summary.outcome IS 'allow or deny of the rule that decided; monitor of a rule that matched before it. A decision is counted once as allow or deny, and once for each monitor rule.';
COMMENT ON COLUMN kandji.decision_summary.rule IS 'Name of the rule; null where none matched.';
COMMENT ON COLUMN kandji.decision_summary.decisions IS 'Decisions.';
COMMENT ON COLUMN kandji.decision_summary.serial_numbers IS 'Different serial numbers asked about.';
COMMENT ON COLUMN kandji.decision_summary.users IS 'Different people who were about to sign in, as far as askers say.';
COMMENT ON COLUMN kandji.decision_summary.with_missing IS 'Decisions in which some rule matched for want of an attribute.';
COMMENT ON COLUMN kandji.decision_summary.live IS 'Decisions for which the account''s API was asked.';
