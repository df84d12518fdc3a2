package dev.kandjistream.sink.domain;

/** One partition of a topic. */
public record Partition(String topic, int number) implements Comparable<Partition> {

    /** The order in which offset rows are locked; every sink locks in this order, so none waits in a circle. */
    @Override
    public int compareTo(Partition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(number, other.number);
    }

    /** {@code topic/number}. */
    @Override
    public String toString() {
        return topic + "/" + number;
    }
}
