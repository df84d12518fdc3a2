package dev.kandjistream.poller.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when it turns out longer than it may be; what a few bytes of gzip unfold to knows no end. */
final class CappedStream extends FilterInputStream {
    private final long most;
    private long read;
    private int last = -1;

    CappedStream(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
            count(1, next);
        }
        return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        if (count > 0) {
            count(count, into[offset + count - 1]);
        }
        return count;
    }

    private void count(int more, int lastByte) throws ExportFailure {
        read += more;
        last = lastByte;
        if (read > most) {
            throw ExportFailure.lasting("expected a file of at most " + most + " bytes, found a larger one");
        }
    }

    /** Whether what was read so far ends with the end of a line. */
    boolean endsWithALine() {
        return last == '\n' || last == '\r';
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
