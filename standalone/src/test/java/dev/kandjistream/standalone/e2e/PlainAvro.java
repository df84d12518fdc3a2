package dev.kandjistream.standalone.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/**
 * What any stranger's reader does: a zero byte, the schema's id in four bytes, Avro; the schema from the registry's REST
 * API. Records become maps, times with a logical type {@link Instant}s.
 */
final class PlainAvro {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String registryUrl;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, Schema> schemas = new HashMap<>();

    PlainAvro(String registryUrl) {
        this.registryUrl = registryUrl;
    }

    /** Null for null. */
    Map<String, Object> read(byte[] value) {
        if (value == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (bytes.get() != 0) {
            throw new IllegalStateException("not the wire format: the first byte is " + value[0]);
        }
        Schema schema = schemas.computeIfAbsent(bytes.getInt(), this::fetch);
        try {
            var decoder = DecoderFactory.get().binaryDecoder(value, bytes.position(), bytes.remaining(), null);
            GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new IllegalStateException("bytes are left over after a " + schema.getFullName());
            }
            return map(record);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Schema fetch(int id) {
        try {
            var request = HttpRequest.newBuilder(URI.create(registryUrl + "/schemas/ids/" + id))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("schema " + id + ": " + answer.statusCode() + " " + answer.body());
            }
            return new Schema.Parser()
                    .parse(JSON.readTree(answer.body()).get("schema").textValue());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Map<String, Object> map(GenericRecord record) {
        var map = new TreeMap<String, Object>();
        record.getSchema()
                .getFields()
                .forEach(field -> map.put(field.name(), plain(record.get(field.pos()), field.schema())));
        return map;
    }

    private static Object plain(Object value, Schema schema) {
        if (value == null) {
            return null;
        }
        if (schema.isUnion()) {
            return plain(value, schema.getTypes().get(GenericData.get().resolveUnion(schema, value)));
        }
        return switch (schema.getType()) {
            case RECORD -> map((GenericRecord) value);
            case STRING -> value.toString();
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                ((List<?>) value).forEach(item -> items.add(plain(item, schema.getElementType())));
                yield items;
            }
            case LONG ->
                schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                        ? Instant.ofEpochMilli((Long) value)
                        : value;
            default -> value;
        };
    }
}
