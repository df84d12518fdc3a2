/**
 * Values on the wire: Avro in Confluent's wire format, schemas in a registry that speaks Confluent's REST API.
 *
 * <p>{@link dev.kandjistream.schemas.serde.AvroSerdes} is what services use. The serializer and deserializer behind it
 * are drop-ins for {@code io.confluent.kafka.serializers.KafkaAvroSerializer} and {@code KafkaAvroDeserializer}: same
 * bytes, same configuration names, so that either pair can take the other's place by configuration alone.
 */
package dev.kandjistream.schemas.serde;
