-- Sweeps and accounts, from the receipts, and the sink's own place in the topics.

CREATE TABLE kandji.sweeps (
    account_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    sweep_id text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    verdict text NOT NULL,
    reason text,
    connection text NOT NULL,
    endpoint text,
    status integer,
    requests bigint NOT NULL,
    pages bigint NOT NULL,
    rows bigint NOT NULL,
    devices bigint NOT NULL,
    claimed_total bigint,
    published bigint NOT NULL,
    unchanged bigint NOT NULL,
    retracted bigint NOT NULL,
    withheld bigint NOT NULL,
    oversized bigint NOT NULL,
    quota_limit bigint,
    quota_spent bigint,
    quota_remaining bigint,
    last_complete_at timestamptz,
    last_complete_sweep_id text,
    raw_end_offsets jsonb NOT NULL,
    applied_at timestamptz,
    pending_end_offsets jsonb NOT NULL,
    record_key text COLLATE "C" NOT NULL,
    record_partition integer NOT NULL,
    generation integer NOT NULL,
    PRIMARY KEY (account_id, kind)
);

COMMENT ON TABLE kandji.sweeps IS 'The latest receipt of each account and kind of sweep. From topic sweeps.';
COMMENT ON COLUMN kandji.sweeps.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.sweeps.kind IS 'devices, apps; later delta, targeted.';
COMMENT ON COLUMN kandji.sweeps.sweep_id IS 'Id of the sweep; ids sort by time and are unique.';
COMMENT ON COLUMN kandji.sweeps.started_at IS 'Start of the sweep.';
COMMENT ON COLUMN kandji.sweeps.finished_at IS 'When the receipt was written.';
COMMENT ON COLUMN kandji.sweeps.verdict IS 'COMPLETE, INCOMPLETE (nothing retracted), QUARANTINED (retractions withheld), FAILED (nothing published).';
COMMENT ON COLUMN kandji.sweeps.reason IS 'Why the verdict is not COMPLETE, in words; null where it is.';
COMMENT ON COLUMN kandji.sweeps.connection IS 'CONNECTED, UNAUTHORIZED, FORBIDDEN, RATE_LIMITED, UNREACHABLE.';
COMMENT ON COLUMN kandji.sweeps.endpoint IS 'Endpoint that failed.';
COMMENT ON COLUMN kandji.sweeps.status IS 'HTTP status of the failure; null where there was none or no answer.';
COMMENT ON COLUMN kandji.sweeps.requests IS 'Requests made, retries included.';
COMMENT ON COLUMN kandji.sweeps.pages IS 'Pages read.';
COMMENT ON COLUMN kandji.sweeps.rows IS 'Rows read.';
COMMENT ON COLUMN kandji.sweeps.devices IS 'Distinct devices in the rows.';
COMMENT ON COLUMN kandji.sweeps.claimed_total IS 'How many rows the API says there are; null where it does not say.';
COMMENT ON COLUMN kandji.sweeps.published IS 'Records published, tombstones left out.';
COMMENT ON COLUMN kandji.sweeps.unchanged IS 'Devices found as last published.';
COMMENT ON COLUMN kandji.sweeps.retracted IS 'Devices whose seat, usage or record this sweep ended.';
COMMENT ON COLUMN kandji.sweeps.withheld IS 'Devices whose retraction waits for more evidence or an operator.';
COMMENT ON COLUMN kandji.sweeps.oversized IS 'Devices left out because their record exceeds the record limit.';
COMMENT ON COLUMN kandji.sweeps.quota_limit IS 'Requests an hour that the pipeline allows itself; null where no request was made.';
COMMENT ON COLUMN kandji.sweeps.quota_spent IS 'Requests it spent in the hour before the receipt.';
COMMENT ON COLUMN kandji.sweeps.quota_remaining IS 'What the API said is left of the tenant''s hour; null where it does not say.';
COMMENT ON COLUMN kandji.sweeps.last_complete_at IS 'Finish of the latest COMPLETE sweep of this kind, this one included; null where there was none.';
COMMENT ON COLUMN kandji.sweeps.last_complete_sweep_id IS 'Its id.';
COMMENT ON COLUMN kandji.sweeps.raw_end_offsets IS 'Where this sweep''s raw records end: an object from topic/partition to the offset after the last record; empty where it published none.';
COMMENT ON COLUMN kandji.sweeps.applied_at IS 'When everything this sweep published stood in these tables; null until then.';
COMMENT ON COLUMN kandji.sweeps.pending_end_offsets IS 'Like raw_end_offsets, and with those of earlier sweeps that had not come through when this receipt arrived; empty once applied.';
COMMENT ON COLUMN kandji.sweeps.record_key IS 'Key of the record in its topic. A null record removes the row that has its key.';
COMMENT ON COLUMN kandji.sweeps.record_partition IS 'Partition the row was read from.';
COMMENT ON COLUMN kandji.sweeps.generation IS 'How often the partition had been rebuilt when the row was last written; rows left behind by a rebuild are removed.';

CREATE TABLE kandji.accounts (
    account_id text COLLATE "C" PRIMARY KEY,
    connection text NOT NULL,
    connection_since timestamptz NOT NULL,
    endpoint text,
    status integer,
    last_devices_sweep_at timestamptz,
    last_devices_sweep_id text,
    last_apps_sweep_at timestamptz,
    last_apps_sweep_id text,
    updated_at timestamptz NOT NULL
);

COMMENT ON TABLE kandji.accounts IS 'Each Kandji account: is it connected, how fresh is what we know. From topic sweeps.';
COMMENT ON COLUMN kandji.accounts.account_id IS 'Id of the Kandji account (tenant) as configured.';
COMMENT ON COLUMN kandji.accounts.connection IS 'CONNECTED, UNAUTHORIZED, FORBIDDEN, RATE_LIMITED or UNREACHABLE, as the latest receipt says.';
COMMENT ON COLUMN kandji.accounts.connection_since IS 'Finish of the first sweep that found the connection so.';
COMMENT ON COLUMN kandji.accounts.endpoint IS 'Endpoint that failed; null while connected.';
COMMENT ON COLUMN kandji.accounts.status IS 'HTTP status of the failure; null where there was none or no answer.';
COMMENT ON COLUMN kandji.accounts.last_devices_sweep_at IS 'Finish of the latest complete sweep of devices.';
COMMENT ON COLUMN kandji.accounts.last_devices_sweep_id IS 'Its id.';
COMMENT ON COLUMN kandji.accounts.last_apps_sweep_at IS 'Finish of the latest complete sweep of apps.';
COMMENT ON COLUMN kandji.accounts.last_apps_sweep_id IS 'Its id.';
COMMENT ON COLUMN kandji.accounts.updated_at IS 'Finish of the sweep that this row was last written for.';

CREATE TABLE kandji.sink_offsets (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    topic_id uuid,
    generation integer NOT NULL,
    rebuild_until bigint,
    caught_up_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition)
);

COMMENT ON TABLE kandji.sink_offsets IS 'Where the sink stands in each partition. This, and not the consumer group, says what has been applied.';
COMMENT ON COLUMN kandji.sink_offsets.topic IS 'Topic.';
COMMENT ON COLUMN kandji.sink_offsets.partition IS 'Partition.';
COMMENT ON COLUMN kandji.sink_offsets.next_offset IS 'Offset the sink reads next. Written in the same transaction as the rows of all records before it.';
COMMENT ON COLUMN kandji.sink_offsets.topic_id IS 'Id of the topic that the offset belongs to; another id means that the topic was created anew. Set it to null to have the current rows rebuilt from the topic.';
COMMENT ON COLUMN kandji.sink_offsets.generation IS 'How often the current rows of this partition were rebuilt.';
COMMENT ON COLUMN kandji.sink_offsets.rebuild_until IS 'While a rebuild runs: the offset at which it is done. Else null.';
COMMENT ON COLUMN kandji.sink_offsets.caught_up_at IS 'When the sink last knew that it had read everything there was; far enough back, null records may have been compacted away unread.';
