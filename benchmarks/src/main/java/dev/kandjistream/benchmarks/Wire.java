package dev.kandjistream.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection, one question at a time. Reads just as much of HTTP as it takes to know where an answer ends. */
final class Wire {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";
    private static final int UNKNOWN = -1;

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(1 << 17);
    private int length = UNKNOWN;
    private long due;

    Wire(InetSocketAddress address, Selector selector) throws IOException {
        channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    void ask(byte[] request, long dueAt) throws IOException {
        due = dueAt;
        length = UNKNOWN;
        answer.clear();
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** When the question was due, by {@link System#nanoTime}. */
    long due() {
        return due;
    }

    /** Reads what has come. @return whether that was the rest of it */
    boolean isAnswered() throws IOException {
        int count = channel.read(answer);
        if (count < 0) {
            throw new EOFException("expected the connection to stay open, found it closed by the server");
        }
        if (length == UNKNOWN) {
            length = lengthIfKnown();
        }
        return length != UNKNOWN && answer.position() >= length;
    }

    private int lengthIfKnown() {
        byte[] bytes = answer.array();
        for (int i = 0; i <= answer.position() - HEAD_END.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                String head = new String(bytes, 0, i + 2, StandardCharsets.US_ASCII);
                return i + HEAD_END.length + bodyLength(head);
            }
        }
        return UNKNOWN;
    }

    private static int bodyLength(String head) {
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IllegalStateException(
                    "expected 200, found " + head.lines().findFirst().orElse("nothing"));
        }
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IllegalStateException("expected Content-Length, found none");
        }
        return Integer.parseInt(
                head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip());
    }
}
