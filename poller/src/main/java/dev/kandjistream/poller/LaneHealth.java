package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.sweeps.FieldProblem;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the latest sweep of a lane told, for gauges; says in the log when the connection changes. */
final class LaneHealth {
    private static final Logger LOG = LoggerFactory.getLogger(LaneHealth.class);

    private volatile Connection connection;
    private volatile long withheld;
    private volatile long unread;
    private volatile long unpublished;
    private volatile long quarantinedFields;
    private volatile Instant completeAt;

    void learn(SweepReceipt receipt) {
        withheld = receipt.getPages() > 0 ? receipt.getWithheld() : withheld;
        unpublished = receipt.getUnpublished();
        if (receipt.getPages() > 0) {
            unread = receipt.getUnread();
            quarantinedFields = receipt.getShape().stream()
                    .filter(FieldProblem::getQuarantines)
                    .count();
        }
        completeAt = receipt.getLastCompleteAt();
        meet(Connection.valueOf(receipt.getConnection()), receipt);
    }

    /** The account is another poller's, who knows better. */
    void forget() {
        connection = null;
        withheld = 0;
        unread = 0;
        unpublished = 0;
        quarantinedFields = 0;
        completeAt = null;
    }

    private void meet(Connection met, SweepReceipt receipt) {
        Connection before = connection;
        connection = met;
        if (met == before) {
            return;
        }
        var entry = met == Connection.CONNECTED ? LOG.atInfo() : LOG.atWarn();
        entry = entry.addKeyValue("account", receipt.getAccountId())
                .addKeyValue("kind", receipt.getKind())
                .addKeyValue("connection", met)
                .addKeyValue("before", before == null ? "unknown" : before);
        if (met != Connection.CONNECTED) {
            entry = entry.addKeyValue("endpoint", receipt.getEndpoint())
                    .addKeyValue("statusCode", receipt.getStatus() == null ? "none" : receipt.getStatus())
                    .addKeyValue("mend", met.mending());
        }
        entry.log("Connection of the account changed");
    }

    /** Null where no sweep has been made yet. */
    Connection connection() {
        return connection;
    }

    long withheld() {
        return withheld;
    }

    long unread() {
        return unread;
    }

    long unpublished() {
        return unpublished;
    }

    long quarantinedFields() {
        return quarantinedFields;
    }

    double secondsSinceComplete(long now) {
        Instant at = completeAt;
        return at == null ? Double.NaN : (now - at.toEpochMilli()) / 1000.0;
    }
}
