package dev.kandjistream.enricher.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A store in memory that counts what is asked of it: each call, and each entry that an iterator walks over. */
final class CountingStore {
    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("counted").get();
    private long operations;

    KeyValueStore<Bytes, byte[]> store() {
        return proxy(KeyValueStore.class, store);
    }

    long operations() {
        return operations;
    }

    NavigableMap<Bytes, byte[]> content() {
        var content = new TreeMap<Bytes, byte[]>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> content.put(entry.key, entry.value));
        }
        return content;
    }

    @SuppressWarnings("unchecked")
    private <T> T proxy(Class<?> type, Object target) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            if (!method.getName().equals("close") && !method.getName().equals("hasNext")) {
                operations++;
            }
            try {
                Object result = method.invoke(target, arguments);
                return result instanceof KeyValueIterator<?, ?> ? proxy(KeyValueIterator.class, result) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
