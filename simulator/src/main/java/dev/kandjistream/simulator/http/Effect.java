package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;

/** What a fault does to an answer. */
public sealed interface Effect {
    /** That status with the body the real API has for it; {@code retryAfter} null for none. */
    record Status(int status, Duration retryAfter) implements Effect {}

    /** The answer comes later. */
    record Delay(Duration by) implements Effect {}

    /** The connection ends without an answer. */
    record HangUp() implements Effect {}

    /** The announced length is right, but the connection ends half way. */
    record CutBody() implements Effect {}

    /** A proxy's HTML page with status 200. */
    record HtmlInstead() implements Effect {}

    /** 200 and a page without rows, and no cursor; {@code total} as it is. */
    record EmptyPage() implements Effect {}

    /** Only the first rows of the page; the others are lost, the next page goes on after them. */
    record ShortPage(int rows) implements Effect {}

    /** Pages no longer than this whatever {@code limit} says; the cursor goes on right after them. */
    record CappedPage(int rows) implements Effect {}

    /** As if the tenant had no device and no app row. */
    record EmptyFleet() implements Effect {}

    /** Every device is shown without its user. */
    record NoUsers() implements Effect {}

    /** The answer's cursor leads to this very page again. */
    record RepeatedCursor() implements Effect {}

    /** 400 to any request with a cursor that is not empty. */
    record ExpiredCursor() implements Effect {}

    /** The page has no cursor although rows follow. */
    record NoCursor() implements Effect {}

    /** The page begins so many rows later (rows before it went: rows are skipped) or, if negative, earlier (repeated). */
    record Shift(int rows) implements Effect {}

    /** Another total; null for {@code null}. */
    record Total(Long total) implements Effect {}

    /** {@code filter} counts for nothing as far as it concerns these columns; none named: as if it were not there. */
    record IgnoredFilter(Set<String> columns) implements Effect {
        public IgnoredFilter {
            columns = Set.copyOf(columns);
        }
    }

    /** {@code next} names another host than the API's. */
    record ForeignNext() implements Effect {}

    /** The body comes so many bytes at a time, with a pause after each. */
    record SlowBody(int bytes, Duration pause) implements Effect {
        public SlowBody {
            if (bytes < 1) {
                throw new IllegalArgumentException("bytes must be at least 1, was " + bytes);
            }
        }
    }

    /** On the request for an export: it will end with that status instead of {@code success}, and that message. */
    record FailedExport(String status, String errorMsg) implements Effect {}

    /** On a look at an export: it is pending still, whatever became of it. */
    record PendingExport() implements Effect {}

    /** On a look at an export: the body lacks {@code id}. */
    record UnnamedExport() implements Effect {}

    /** On an export's file: the signature has expired. */
    record ExpiredLink() implements Effect {}

    /** On an export's file: its length is not announced, and after its rows the last one comes again until that many bytes. */
    record HugeFile(long bytes) implements Effect {}

    /** Something happens just before the request is answered, such as a change of the fleet between two pages. */
    record Before(Runnable happening) implements Effect {}

    /** An effect on the rows of some devices, in lists, in answers about one device and in exports. */
    sealed interface OfDevices extends Effect permits OfRow, Drop, PartialApps {
        DeviceSelector devices();
    }

    /** An effect on the content of a row. */
    sealed interface OfRow extends OfDevices permits Field, LargeRow, NoObject {}

    /**
     * One field of the rows is changed. Rows that do not have the field stay as they are.
     *
     * @param field name in the API; parts of the user after a dot: {@code user.id}
     * @param to argument of the change; null if it takes none
     */
    record Field(DeviceSelector devices, String field, FieldChange change, JsonNode to) implements OfRow {
        private static final String OF_USER = "user.";

        boolean isOfUser() {
            return field.startsWith(OF_USER);
        }

        /** The field's key in its object. */
        String key() {
            return isOfUser() ? field.substring(OF_USER.length()) : field;
        }
    }

    /** The rows have an additional, undocumented field of this many bytes. */
    record LargeRow(DeviceSelector devices, int bytes) implements OfRow {}

    /** The row is text, the device's id. In an export it is a row of which every field is empty. */
    record NoObject(DeviceSelector devices) implements OfRow {}

    /** Lists lack the devices or their app rows, totals do not count them, and requests for one of them get 404. */
    record Drop(DeviceSelector devices) implements OfDevices {}

    /** Only the first app rows of each device, this many; the answer claims no total. */
    record PartialApps(DeviceSelector devices, int rows) implements OfDevices {
        public PartialApps {
            if (rows < 0) {
                throw new IllegalArgumentException("rows: must be 0 or more, was " + rows);
            }
        }
    }
}
