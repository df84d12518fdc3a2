package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static final int MOST = 1 << 20;

    @Test
    void aBodyThatOnlyClaimsToBeLongTakesNoMemoryYet() throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        HttpServletRequest request = claiming(MOST);
        Body.read(request, MOST);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
            Body.read(request, MOST);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST);
    }

    /** A head without any of the body it announces. */
    private static HttpServletRequest claiming(long length) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                BodyTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getContentLengthLong" -> length;
                    case "getContentType" -> "application/json";
                    case "getInputStream" -> new Silent();
                    default -> null;
                });
    }

    private static final class Silent extends ServletInputStream {
        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void setReadListener(ReadListener listener) {}

        @Override
        public int read() throws IOException {
            throw new IOException("nothing is sent");
        }
    }
}
