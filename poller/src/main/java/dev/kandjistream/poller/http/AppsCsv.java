package dev.kandjistream.poller.http;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.SharedApp;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads an export's file, CSV as RFC 4180 has it, into a sweep: its first line names the columns, the same as in pages of
 * {@code /prism/apps}; empty is null. Rows go by as they come, none is held. What stands in a line that cannot be a row is
 * counted as such; a file that is no such CSV at all fails.
 */
final class AppsCsv extends AbstractBaseCsvCallbackHandler<Boolean> implements AppRow.Sink {
    /** Of one field, in characters: as long as a whole page's text may be; what is published is far shorter. */
    private static final int LONGEST_FIELD = 4 << 20;

    /** Rows between two looks at how far it has come, as many as ten pages have. */
    private static final int STRETCH = 3_000;

    private static final int MOST_COLUMNS = 1_000;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final AppsSweep sweep;
    private final long observedAt;
    private final AppRow row = new AppRow();
    private List<String> names = new ArrayList<>();
    /** By place; null until the first line is read. */
    private int[] columns;

    private long rows;
    private boolean namesTooMany;

    /** @param observedAt when the rows were asked for, milliseconds since 1970 */
    AppsCsv(AppsSweep sweep, long observedAt) {
        this.sweep = sweep;
        this.observedAt = observedAt;
    }

    /** Hears after every stretch of rows. */
    interface Pace {
        /** @return false to read no further */
        boolean goOn();
    }

    /** @throws ExportFailure where the file is no such CSV */
    void read(CappedStream file, Pace pace) throws IOException {
        boolean whole = true;
        try (CsvReader<Boolean> reader = CsvReader.builder()
                .maxBufferSize(LONGEST_FIELD)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(this, text(file))) {
            for (var lines = reader.iterator(); whole && lines.hasNext(); lines.next()) {
                whole = rows % STRETCH != 0 || goesOn(pace);
            }
        } catch (UncheckedIOException failure) {
            throw cause(failure);
        } catch (CsvParseException noCsv) {
            throw failure(noCsv);
        }
        if (columns == null) {
            throw ExportFailure.lasting("expected a first line with the columns' names, found an empty file");
        }
        sweep.walk().page(rows % STRETCH, OptionalLong.empty());
        if (whole && !file.endsWithALine()) {
            sweep.walk().fault("the export's last line has no end: the file may be cut");
        }
    }

    private boolean goesOn(Pace pace) {
        if (rows > 0) {
            sweep.walk().page(STRETCH, OptionalLong.empty());
        }
        return pace.goOn();
    }

    /** Bytes of heap that the texts of all rows so far take, roughly. */
    long weight() {
        return row.weight();
    }

    private static Reader text(CappedStream file) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var text = new PushbackReader(new InputStreamReader(file, decoder));
        try {
            int first = text.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                text.unread(first);
            }
            return text;
        } catch (CharacterCodingException noText) {
            throw notUtf8();
        }
    }

    private static IOException cause(UncheckedIOException failure) {
        return failure.getCause() instanceof CharacterCodingException ? notUtf8() : failure.getCause();
    }

    private static ExportFailure notUtf8() {
        return ExportFailure.lasting("expected a file in UTF-8, found bytes that are none");
    }

    /** The parser's message would quote what it found; where it was is enough. */
    private ExportFailure failure(CsvParseException noCsv) {
        for (Throwable cause = noCsv; cause != null; cause = cause.getCause()) {
            if (cause instanceof UncheckedIOException io && io.getCause() instanceof ExportFailure own) {
                return own;
            }
        }
        return ExportFailure.lasting("expected CSV with fields of at most " + LONGEST_FIELD
                + " characters, found something else in line " + getStartingLineNumber());
    }

    @Override
    protected void handleBegin(long line) {
        row.begin();
    }

    @Override
    protected void handleField(int place, char[] buffer, int offset, int length, boolean quoted) {
        if (columns == null) {
            namesTooMany |= place >= MOST_COLUMNS;
            if (!namesTooMany) {
                names.add(new String(buffer, offset, Math.min(length, AppRow.LONGEST_NAME)));
            }
        } else if (place < columns.length && columns[place] != AppRow.PASSED_OVER) {
            row.value(columns[place], buffer, offset, length);
        }
    }

    @Override
    protected Boolean buildRecord() {
        if (getRecordType() == RecordType.EMPTY) {
            return null;
        }
        if (columns == null) {
            columns = columnsNamed();
            return true;
        }
        rows++;
        if (getFieldCount() == columns.length) {
            row.end(this);
        } else {
            unusable("line " + getStartingLineNumber() + " has " + getFieldCount() + " fields instead of "
                    + columns.length);
        }
        return true;
    }

    private int[] columnsNamed() {
        Set<String> read = new HashSet<>();
        int[] places = new int[names.size()];
        Arrays.fill(places, AppRow.PASSED_OVER);
        for (int place = 0; place < places.length; place++) {
            String name = names.get(place).strip();
            places[place] = AppRow.column(name);
            if (places[place] != AppRow.PASSED_OVER && !read.add(name)) {
                throw unreadable("expected each column once, found " + name + " twice");
            }
        }
        Set<String> missing = AppRow.columnsBut(read);
        if (!missing.isEmpty() || namesTooMany) {
            throw unreadable("expected the columns of app rows in the first line, found it without "
                    + String.join(", ", missing) + (namesTooMany ? " among the first " + MOST_COLUMNS : ""));
        }
        names = List.of();
        return places;
    }

    private static UncheckedIOException unreadable(String why) {
        return new UncheckedIOException(ExportFailure.lasting(why));
    }

    @Override
    public void add(String deviceId, SharedApp app, long created, long updated, long collected) {
        sweep.add(deviceId, app, created, updated, collected, observedAt);
    }

    @Override
    public void unread(String deviceId, String why, long print) {
        sweep.unread(deviceId, why, print, observedAt);
    }

    @Override
    public void unusable(String why) {
        sweep.walk().unusable(1, why);
    }
}
