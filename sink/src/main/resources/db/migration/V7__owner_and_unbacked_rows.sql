-- Whose tables these are, and which rows no record of a topic backs any more.

CREATE TABLE kandji.owner (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    topic_prefix text NOT NULL,
    cluster_id text NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE kandji.owner IS 'The one pipeline whose tables these are. A sink with another topic prefix or on another Kafka cluster writes nothing. kandji-stream rebuild --adopt changes the row.';
COMMENT ON COLUMN kandji.owner.single IS 'Always true: there is one row.';
COMMENT ON COLUMN kandji.owner.topic_prefix IS 'Prefix of the topics that the tables follow (kafka.topic_prefix).';
COMMENT ON COLUMN kandji.owner.cluster_id IS 'Id of the Kafka cluster that the topics are in.';
COMMENT ON COLUMN kandji.owner.since IS 'When this prefix on this cluster took the database.';

ALTER TABLE kandji.sink_offsets ADD COLUMN log_begin bigint NOT NULL DEFAULT 0;
ALTER TABLE kandji.sink_offsets ADD COLUMN partitions integer NOT NULL DEFAULT 0;
ALTER TABLE kandji.sink_offsets ADD COLUMN unbacked text;

-- Every partition of a topic that was ever read has a row.
UPDATE kandji.sink_offsets o SET partitions = (SELECT count(*) FROM kandji.sink_offsets p WHERE p.topic = o.topic);

COMMENT ON COLUMN kandji.sink_offsets.log_begin IS 'First offset of the partition when this generation began. A later first offset means that records were deleted.';
COMMENT ON COLUMN kandji.sink_offsets.partitions IS 'How many partitions the topic had when this generation began; with another number, keys lie in other partitions. 0: unknown.';
COMMENT ON COLUMN kandji.sink_offsets.unbacked IS 'What the topic lost, so that rows of an older generation stand without a record: REPLACED, CUT, SHORTENED or ALTERED. Null: the topic has a record for every row.';
COMMENT ON COLUMN kandji.sink_offsets.topic_id IS 'Id of the topic that the offset belongs to; another id means that the topic was deleted and created again.';
COMMENT ON COLUMN kandji.sink_offsets.generation IS 'How often reading began anew in this partition. Rows carry the generation in which they were last written.';
COMMENT ON COLUMN kandji.sink_offsets.caught_up_at IS 'When the sink last knew that it had read everything there was; far enough back, tombstones may have been compacted away unread.';
