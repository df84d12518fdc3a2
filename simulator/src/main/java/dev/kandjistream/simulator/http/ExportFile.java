package dev.kandjistream.simulator.http;

import java.io.InputStream;
import java.util.Locale;

/** The app rows at one moment as lines of CSV. */
interface ExportFile {
    int rows();

    /** Writes the line with the names of the columns. */
    void writeNames(PageBytes bytes);

    /** Writes the line of one row. */
    void write(int row, PageBytes bytes);

    /** In bytes. */
    default long length() {
        var line = new PageBytes(4096);
        writeNames(line);
        long length = line.size();
        for (int i = 0; i < rows(); i++) {
            line.clear();
            write(i, line);
            length += line.size();
        }
        return length;
    }

    /**
     * The names of the columns, then the rows.
     *
     * @param least behind the rows the last line comes again and again until there are so many bytes; 0 for the plain file
     */
    default InputStream open(long least) {
        return new ExportStream(this, least);
    }

    /** The case of the words is not documented: the newer form writes them like JSON, the older like Python. */
    static String text(Object value, TenantForm form) {
        String text = value == null ? "" : value.toString();
        return value instanceof Boolean && !form.newer()
                ? text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
                : text;
    }
}
