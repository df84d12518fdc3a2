package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/**
 * One record of an event topic as any reader sees it, whatever the topic.
 *
 * @param event null for the null record after a deletion
 */
record Told(String topic, String key, Headers headers, GenericRecord event) {

    /** Everything told on the four event topics since they were last asked for, topic by topic. */
    static List<Told> since(Driver driver) {
        var all = new ArrayList<Told>();
        all.addAll(of(driver, Driver.TOPICS.devices()));
        all.addAll(of(driver, Driver.TOPICS.licenses()));
        all.addAll(of(driver, Driver.TOPICS.users()));
        all.addAll(of(driver, Driver.TOPICS.usage()));
        return all;
    }

    static <V> List<Told> of(Driver driver, Topic<V> topic) {
        return driver.told(topic).stream()
                .map(record -> new Told(topic.name(), record.key(), record.headers(), (GenericRecord) record.value()))
                .toList();
    }

    boolean isEvent() {
        return event != null;
    }

    SpecificRecord before() {
        return (SpecificRecord) event.get("before");
    }

    SpecificRecord after() {
        return (SpecificRecord) event.get("after");
    }

    String text(String field) {
        return String.valueOf(event.get(field));
    }

    /** {@code type key cause}, an event told in one line. */
    @Override
    public String toString() {
        return event == null ? "null " + key : text("event_type") + " " + key + " " + text("op") + " " + text("cause");
    }
}
