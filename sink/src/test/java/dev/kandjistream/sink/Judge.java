package dev.kandjistream.sink;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Reads the tables by plain JDBC; knows nothing of the sink. */
public final class Judge {
    private final String url;

    public Judge(String url) {
        this.url = url;
    }

    /** Rows, each as its columns' texts joined by {@code |}. */
    public List<String> rows(String sql) {
        try (Connection connection = DriverManager.getConnection(url, Servers.user(), Servers.password());
                var statement = connection.createStatement()) {
            statement.execute("SET TimeZone TO 'UTC'");
            List<String> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(sql)) {
                while (found.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        columns.add(Objects.toString(found.getString(i)));
                    }
                    rows.add(String.join("|", columns));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url, Servers.user(), Servers.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long number(String sql) {
        return Long.parseLong(rows(sql).get(0));
    }

    /** Asks until the answer is as wished, or fails with the last one. */
    public List<String> await(String sql, Predicate<List<String>> wish) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        List<String> found = List.of();
        do {
            try {
                found = rows(sql);
                if (wish.test(found)) {
                    return found;
                }
            } catch (IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        } while (System.nanoTime() < deadline);
        throw new AssertionError("Waited for another answer to: " + sql + "\nlast one was: " + found);
    }

    public List<String> await(String sql, String... rows) {
        return await(sql, List.of(rows)::equals);
    }

    static void pause() {
        try {
            Thread.sleep(30);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
