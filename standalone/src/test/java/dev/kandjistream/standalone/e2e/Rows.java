package dev.kandjistream.standalone.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rows by their key, whatever they were read from. A row maps a column to text, a number, a boolean, an
 * {@link java.time.Instant}, a list of text, or null.
 */
final class Rows {
    private static final int TOLD = 20;

    private final SortedMap<String, Map<String, Object>> byKey = new TreeMap<>();

    void put(String key, Map<String, Object> row) {
        if (byKey.put(key, row) != null) {
            throw new IllegalStateException("two rows of one key: " + key);
        }
    }

    void replace(String key, Map<String, Object> row) {
        byKey.put(key, row);
    }

    void remove(String key) {
        byKey.remove(key);
    }

    Map<String, Object> get(String key) {
        return byKey.get(key);
    }

    Set<String> keys() {
        return byKey.keySet();
    }

    int size() {
        return byKey.size();
    }

    Rows of(String accountId) {
        var some = new Rows();
        byKey.forEach((key, row) -> {
            if (accountId.equals(row.get("account_id"))) {
                some.put(key, row);
            }
        });
        return some;
    }

    Rows without(Set<String> columns) {
        var less = new Rows();
        byKey.forEach((key, row) -> {
            var fewer = new TreeMap<>(row);
            fewer.keySet().removeAll(columns);
            less.put(key, fewer);
        });
        return less;
    }

    Rows only(Set<String> columns) {
        var less = new Rows();
        byKey.forEach((key, row) -> {
            var fewer = new TreeMap<>(row);
            fewer.keySet().retainAll(columns);
            less.put(key, fewer);
        });
        return less;
    }

    /** What is different here from what is expected, in words a person can act on; empty where nothing is. */
    List<String> differencesFrom(Rows expected) {
        var differences = new ArrayList<String>();
        var keys = new TreeSet<>(byKey.keySet());
        keys.addAll(expected.byKey.keySet());
        for (String key : keys) {
            if (differences.size() == TOLD) {
                differences.add("… and maybe more");
                break;
            }
            Map<String, Object> is = byKey.get(key);
            Map<String, Object> should = expected.byKey.get(key);
            if (is == null) {
                differences.add("lacks " + key + " " + should);
            } else if (should == null) {
                differences.add("should not have " + key + " " + is);
            } else if (!is.equals(should)) {
                differences.add(key + ": " + columnDifferences(is, should));
            }
        }
        return differences;
    }

    private static String columnDifferences(Map<String, Object> is, Map<String, Object> should) {
        var columns = new TreeSet<>(is.keySet());
        columns.addAll(should.keySet());
        var told = new ArrayList<String>();
        for (String column : columns) {
            if (is.containsKey(column) != should.containsKey(column)) {
                told.add(column + (is.containsKey(column) ? " is one column too many" : " is missing"));
            } else if (!Objects.equals(is.get(column), should.get(column))) {
                told.add(column + " is " + is.get(column) + ", should be " + should.get(column));
            }
        }
        return String.join("; ", told);
    }

    /** The contract's key: segments joined by a slash, {@code %}, {@code /} and control characters percent-encoded. */
    static String key(List<String> columns, Map<String, Object> row) {
        var key = new StringBuilder();
        for (String column : columns) {
            key.append(key.isEmpty() ? "" : "/");
            ((String) row.get(column)).codePoints().forEach(c -> {
                String character = Character.toString(c);
                if (c == '%' || c == '/' || Character.isISOControl(c)) {
                    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
                        key.append(String.format("%%%02X", b));
                    }
                } else {
                    key.append(character);
                }
            });
        }
        return key.toString();
    }
}
