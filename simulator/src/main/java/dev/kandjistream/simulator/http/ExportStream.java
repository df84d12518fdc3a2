package dev.kandjistream.simulator.http;

import java.io.InputStream;

/** Reads an {@link ExportFile} by putting its lines together a piece at a time. */
final class ExportStream extends InputStream {
    private static final int PIECE = 64 * 1024;

    private final ExportFile file;
    private final long least;
    private final PageBytes piece = new PageBytes(2 * PIECE);
    private int at;
    private int nextRow;
    private long given;
    private boolean repeating;

    ExportStream(ExportFile file, long least) {
        this.file = file;
        this.least = least;
        file.writeNames(piece);
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (at == piece.size() && !refill()) {
            return -1;
        }
        long left = repeating ? least - given : Long.MAX_VALUE;
        if (left <= 0) {
            return -1;
        }
        int size = (int) Math.min(left, Math.min(length, piece.size() - at));
        piece.copy(at, into, from, size);
        at += size;
        given += size;
        return size;
    }

    /** False at the end. */
    private boolean refill() {
        piece.clear();
        at = 0;
        while (nextRow < file.rows() && piece.size() < PIECE) {
            file.write(nextRow++, piece);
        }
        repeating = piece.size() == 0 && given < least;
        while (repeating && piece.size() < PIECE) {
            if (file.rows() == 0) {
                file.writeNames(piece);
            } else {
                file.write(file.rows() - 1, piece);
            }
        }
        return piece.size() > 0;
    }
}
