-- Current state: one row per key of the topic, columns one to one with the fields of the entity.
-- No foreign keys: topics arrive independently, so a license may stand here a moment before its device.
-- Keys, ids and emails compare byte by byte (COLLATE "C"): their indexes are several times cheaper to fill than with a
-- language's rules, survive upgrades of the system's locale, and serve searches by prefix.

CREATE TABLE kandji.devices (
    account_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    serial_number text COLLATE "C",
    device_name text,
    platform text,
    model text,
    os_version text,
    mdm_enabled boolean,
    agent_installed boolean,
    agent_version text,
    is_missing boolean,
    lost_mode_status text,
    blueprint_id text,
    blueprint_name text,
    asset_tag text,
    tags text[] NOT NULL,
    user_id text COLLATE "C",
    user_email text COLLATE "C",
    user_name text,
    user_archived boolean,
    last_check_in timestamptz,
    first_enrolled_at timestamptz,
    last_enrolled_at timestamptz,
    record_key text COLLATE "C" PRIMARY KEY,
    record_partition integer NOT NULL,
    generation integer NOT NULL
) WITH (fillfactor = 90);

COMMENT ON TABLE kandji.devices IS 'Devices attributed to a user, as last seen. From topic devices.';
COMMENT ON COLUMN kandji.devices.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.devices.device_id IS 'Kandji''s device id, lower case. Unique within the account; a new enrolment of the same hardware may get a new one.';
COMMENT ON COLUMN kandji.devices.serial_number IS 'May be missing or shared by several devices.';
COMMENT ON COLUMN kandji.devices.device_name IS 'Free text; not unique.';
COMMENT ON COLUMN kandji.devices.platform IS 'Mac, iPhone, iPad, AppleTV or another word of Kandji''s.';
COMMENT ON COLUMN kandji.devices.model IS 'Marketing name of the model.';
COMMENT ON COLUMN kandji.devices.os_version IS 'Dotted text, not a number.';
COMMENT ON COLUMN kandji.devices.mdm_enabled IS 'Whether MDM is enabled.';
COMMENT ON COLUMN kandji.devices.agent_installed IS 'Whether the Kandji agent is installed.';
COMMENT ON COLUMN kandji.devices.agent_version IS 'Version of the Kandji agent.';
COMMENT ON COLUMN kandji.devices.is_missing IS 'Whether Kandji calls the device missing.';
COMMENT ON COLUMN kandji.devices.lost_mode_status IS 'As Kandji says.';
COMMENT ON COLUMN kandji.devices.blueprint_id IS 'Id of the blueprint.';
COMMENT ON COLUMN kandji.devices.blueprint_name IS 'Name of the blueprint.';
COMMENT ON COLUMN kandji.devices.asset_tag IS 'Asset tag.';
COMMENT ON COLUMN kandji.devices.tags IS 'Tags in Kandji''s order.';
COMMENT ON COLUMN kandji.devices.user_id IS 'User the device is attributed to: Kandji''s user id, else email: and the lower-case email; null where unattributed.';
COMMENT ON COLUMN kandji.devices.user_email IS 'User''s email, lower case; null where there is none.';
COMMENT ON COLUMN kandji.devices.user_name IS 'User''s name; null where there is none.';
COMMENT ON COLUMN kandji.devices.user_archived IS 'Whether the user is archived in Kandji; null where unattributed.';
COMMENT ON COLUMN kandji.devices.last_check_in IS 'Last check-in of the device.';
COMMENT ON COLUMN kandji.devices.first_enrolled_at IS 'First enrolment.';
COMMENT ON COLUMN kandji.devices.last_enrolled_at IS 'Latest enrolment.';
COMMENT ON COLUMN kandji.devices.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.devices.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.devices.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE INDEX devices_serial_number ON kandji.devices (serial_number);
CREATE INDEX devices_user_email ON kandji.devices (user_email);

CREATE TABLE kandji.licenses (
    account_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    license_type text NOT NULL,
    serial_number text COLLATE "C",
    device_name text,
    user_id text COLLATE "C" NOT NULL,
    user_email text COLLATE "C",
    user_name text,
    user_status text NOT NULL,
    assigned_at timestamptz,
    record_key text COLLATE "C" PRIMARY KEY,
    record_partition integer NOT NULL,
    generation integer NOT NULL
) WITH (fillfactor = 90);

COMMENT ON TABLE kandji.licenses IS 'Seats in use: one per attributed device of a license type. From topic licenses.';
COMMENT ON COLUMN kandji.licenses.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.licenses.device_id IS 'Kandji''s device id, lower case. Unique within the account; a new enrolment of the same hardware may get a new one.';
COMMENT ON COLUMN kandji.licenses.license_type IS 'Mac, iPhone, iPad; others by configuration.';
COMMENT ON COLUMN kandji.licenses.serial_number IS 'Serial number of the device.';
COMMENT ON COLUMN kandji.licenses.device_name IS 'Name of the device.';
COMMENT ON COLUMN kandji.licenses.user_id IS 'Kandji''s user id as text, else email: and the lower-case email.';
COMMENT ON COLUMN kandji.licenses.user_email IS 'User''s email, lower case; null where there is none.';
COMMENT ON COLUMN kandji.licenses.user_name IS 'User''s name; null where there is none.';
COMMENT ON COLUMN kandji.licenses.user_status IS 'ACTIVE or ARCHIVED.';
COMMENT ON COLUMN kandji.licenses.assigned_at IS 'When this user got the seat; null where the seat was there before anybody looked.';
COMMENT ON COLUMN kandji.licenses.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.licenses.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.licenses.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE INDEX licenses_serial_number ON kandji.licenses (serial_number);
CREATE INDEX licenses_user_email ON kandji.licenses (user_email);

CREATE TABLE kandji.users (
    account_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    name text,
    status text NOT NULL,
    device_count integer NOT NULL,
    license_count integer NOT NULL,
    record_key text COLLATE "C" PRIMARY KEY,
    record_partition integer NOT NULL,
    generation integer NOT NULL
) WITH (fillfactor = 90);

COMMENT ON TABLE kandji.users IS 'Users with at least one attributed device. From topic users.';
COMMENT ON COLUMN kandji.users.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.users.user_id IS 'Kandji''s user id as text, else email: and the lower-case email.';
COMMENT ON COLUMN kandji.users.email IS 'Lower case.';
COMMENT ON COLUMN kandji.users.name IS 'Name.';
COMMENT ON COLUMN kandji.users.status IS 'ACTIVE or ARCHIVED.';
COMMENT ON COLUMN kandji.users.device_count IS 'Devices attributed to the user.';
COMMENT ON COLUMN kandji.users.license_count IS 'Seats among them.';
COMMENT ON COLUMN kandji.users.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.users.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.users.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE INDEX users_email ON kandji.users (email);

CREATE TABLE kandji.usage (
    account_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    user_email text COLLATE "C",
    app_name text,
    bundle_id text COLLATE "C",
    team_id text,
    developer_name text,
    category text,
    obtained_from text,
    versions text[] NOT NULL,
    device_count integer NOT NULL,
    device_ids text[] NOT NULL,
    first_seen_at timestamptz,
    collected_at timestamptz,
    record_key text COLLATE "C" PRIMARY KEY,
    record_partition integer NOT NULL,
    generation integer NOT NULL
) WITH (fillfactor = 90);

COMMENT ON TABLE kandji.usage IS 'Which user has which app installed. From topic usage.';
COMMENT ON COLUMN kandji.usage.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.usage.user_id IS 'Kandji''s user id as text, else email: and the lower-case email.';
COMMENT ON COLUMN kandji.usage.app_id IS 'Bundle id as given, else name: and the normalised name.';
COMMENT ON COLUMN kandji.usage.user_email IS 'User''s email, lower case.';
COMMENT ON COLUMN kandji.usage.app_name IS 'Display name.';
COMMENT ON COLUMN kandji.usage.bundle_id IS 'Bundle id as given.';
COMMENT ON COLUMN kandji.usage.team_id IS 'Apple team id of the signer.';
COMMENT ON COLUMN kandji.usage.developer_name IS 'Developer.';
COMMENT ON COLUMN kandji.usage.category IS 'As Kandji says.';
COMMENT ON COLUMN kandji.usage.obtained_from IS 'As Kandji says.';
COMMENT ON COLUMN kandji.usage.versions IS 'Distinct versions in text order, the 20 smallest.';
COMMENT ON COLUMN kandji.usage.device_count IS 'Devices of the user that have the app.';
COMMENT ON COLUMN kandji.usage.device_ids IS 'Their ids in text order, the 20 smallest.';
COMMENT ON COLUMN kandji.usage.first_seen_at IS 'Least created_at of the rows.';
COMMENT ON COLUMN kandji.usage.collected_at IS 'When the latest contributing device reported its apps.';
COMMENT ON COLUMN kandji.usage.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.usage.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.usage.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE INDEX usage_user_email ON kandji.usage (user_email);
CREATE INDEX usage_bundle_id ON kandji.usage (bundle_id);

CREATE TABLE kandji.unattributed_devices (
    account_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    serial_number text COLLATE "C",
    device_name text,
    platform text,
    model text,
    os_version text,
    mdm_enabled boolean,
    agent_installed boolean,
    agent_version text,
    is_missing boolean,
    lost_mode_status text,
    blueprint_id text,
    blueprint_name text,
    asset_tag text,
    tags text[] NOT NULL,
    user_id text COLLATE "C",
    user_email text COLLATE "C",
    user_name text,
    user_archived boolean,
    last_check_in timestamptz,
    first_enrolled_at timestamptz,
    last_enrolled_at timestamptz,
    record_key text COLLATE "C" PRIMARY KEY,
    record_partition integer NOT NULL,
    generation integer NOT NULL
);

COMMENT ON TABLE kandji.unattributed_devices IS 'Devices that belong to no user: they give no license, no user and no usage. From topic unattributed.';
COMMENT ON COLUMN kandji.unattributed_devices.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.unattributed_devices.device_id IS 'Kandji''s device id, lower case. Unique within the account; a new enrolment of the same hardware may get a new one.';
COMMENT ON COLUMN kandji.unattributed_devices.serial_number IS 'May be missing or shared by several devices.';
COMMENT ON COLUMN kandji.unattributed_devices.device_name IS 'Free text; not unique.';
COMMENT ON COLUMN kandji.unattributed_devices.platform IS 'Mac, iPhone, iPad, AppleTV or another word of Kandji''s.';
COMMENT ON COLUMN kandji.unattributed_devices.model IS 'Marketing name of the model.';
COMMENT ON COLUMN kandji.unattributed_devices.os_version IS 'Dotted text, not a number.';
COMMENT ON COLUMN kandji.unattributed_devices.mdm_enabled IS 'Whether MDM is enabled.';
COMMENT ON COLUMN kandji.unattributed_devices.agent_installed IS 'Whether the Kandji agent is installed.';
COMMENT ON COLUMN kandji.unattributed_devices.agent_version IS 'Version of the Kandji agent.';
COMMENT ON COLUMN kandji.unattributed_devices.is_missing IS 'Whether Kandji calls the device missing.';
COMMENT ON COLUMN kandji.unattributed_devices.lost_mode_status IS 'As Kandji says.';
COMMENT ON COLUMN kandji.unattributed_devices.blueprint_id IS 'Id of the blueprint.';
COMMENT ON COLUMN kandji.unattributed_devices.blueprint_name IS 'Name of the blueprint.';
COMMENT ON COLUMN kandji.unattributed_devices.asset_tag IS 'Asset tag.';
COMMENT ON COLUMN kandji.unattributed_devices.tags IS 'Tags in Kandji''s order.';
COMMENT ON COLUMN kandji.unattributed_devices.user_id IS 'User the device is attributed to: Kandji''s user id, else email: and the lower-case email; null where unattributed.';
COMMENT ON COLUMN kandji.unattributed_devices.user_email IS 'User''s email, lower case; null where there is none.';
COMMENT ON COLUMN kandji.unattributed_devices.user_name IS 'User''s name; null where there is none.';
COMMENT ON COLUMN kandji.unattributed_devices.user_archived IS 'Whether the user is archived in Kandji; null where unattributed.';
COMMENT ON COLUMN kandji.unattributed_devices.last_check_in IS 'Last check-in of the device.';
COMMENT ON COLUMN kandji.unattributed_devices.first_enrolled_at IS 'First enrolment.';
COMMENT ON COLUMN kandji.unattributed_devices.last_enrolled_at IS 'Latest enrolment.';
COMMENT ON COLUMN kandji.unattributed_devices.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.unattributed_devices.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.unattributed_devices.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE INDEX unattributed_devices_serial_number ON kandji.unattributed_devices (serial_number);
