-- Serial numbers that do not identify one device. The sink fills in the list of placeholders, the same list that all services
-- use. If the list changes, Flyway runs this file again. The encoding of the database must be UTF8.

CREATE OR REPLACE FUNCTION kandji.folded_serial_number(serial_number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN normalize(serial_number, NFKC) COLLATE "C" ~ '[^\u0001-\u007f]' THEN ''
        ELSE lower(regexp_replace(normalize(serial_number, NFKC) COLLATE "C", '[^0-9A-Za-z]', '', 'g') COLLATE "C")
    END
$$;

COMMENT ON FUNCTION kandji.folded_serial_number(text) IS 'The letters and digits of the text in lower case, in which placeholders are compared; empty for a text with a character outside ASCII.';

CREATE OR REPLACE VIEW kandji.serial_problems AS
WITH placeholder AS MATERIALIZED (
    SELECT DISTINCT kandji.folded_serial_number(listed) AS folded
    FROM unnest(ARRAY[${serialPlaceholders}]::text[]) AS listed
)
SELECT serial_number,
       CASE
           WHEN is_placeholder THEN 'placeholder'
           WHEN devices = devices_with_user AND users = 1 OR devices = devices_with_email AND emails = 1 THEN 're_enrolled'
           ELSE 'shared'
       END AS kind,
       devices, users, account_ids, device_ids, user_ids, user_emails
FROM (
    SELECT serial_number,
           -- No letter and no digit, a character outside ASCII, one repeated character, or a listed placeholder: as the class
           -- SerialNumbers has it.
           kandji.folded_serial_number(serial_number) ~ '^(.?)\1*$'
               OR kandji.folded_serial_number(serial_number) IN (SELECT folded FROM placeholder)
               AS is_placeholder,
           count(*) AS devices,
           count(user_id) AS devices_with_user,
           count(user_email) AS devices_with_email,
           count(DISTINCT (account_id, user_id)) FILTER (WHERE user_id IS NOT NULL) AS users,
           count(DISTINCT user_email) AS emails,
           array_agg(DISTINCT account_id) AS account_ids,
           array_agg(DISTINCT device_id) AS device_ids,
           coalesce(array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL), '{}') AS user_ids,
           coalesce(array_agg(DISTINCT user_email) FILTER (WHERE user_email IS NOT NULL), '{}') AS user_emails
    FROM (
        -- A device that gains or loses its user may stand in both tables for a moment.
        SELECT DISTINCT ON (account_id, device_id) account_id, device_id, serial_number, user_id, user_email
        FROM (
            SELECT account_id, device_id, serial_number, user_id, user_email FROM kandji.devices
            UNION ALL
            SELECT account_id, device_id, serial_number, NULL, NULL FROM kandji.unattributed_devices
        ) listed
        ORDER BY account_id, device_id, user_id NULLS LAST
    ) device
    WHERE serial_number IS NOT NULL
    GROUP BY serial_number
) number
WHERE devices > 1 OR is_placeholder;

COMMENT ON VIEW kandji.serial_problems IS 'Serial numbers that do not identify one device: shared by several current devices of any accounts, with or without user, or placeholders. One row for each serial number.';
COMMENT ON COLUMN kandji.serial_problems.serial_number IS 'In its normal form.';
COMMENT ON COLUMN kandji.serial_problems.kind IS 'shared: several devices, with different or unknown users. re_enrolled: several device ids of one person (the same user, or the same email). placeholder: not a real serial number, however many devices have it.';
COMMENT ON COLUMN kandji.serial_problems.devices IS 'Number of devices with this serial number.';
COMMENT ON COLUMN kandji.serial_problems.users IS 'Number of users they are attributed to; users of two accounts count as two.';
COMMENT ON COLUMN kandji.serial_problems.account_ids IS 'Accounts of the devices.';
COMMENT ON COLUMN kandji.serial_problems.device_ids IS 'Ids of the devices.';
COMMENT ON COLUMN kandji.serial_problems.user_ids IS 'Ids of the users; empty if no device has one.';
COMMENT ON COLUMN kandji.serial_problems.user_emails IS 'Emails of the users; empty if no user has one.';
