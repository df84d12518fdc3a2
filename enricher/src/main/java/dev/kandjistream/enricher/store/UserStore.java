package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.FewDevices;
import dev.kandjistream.enricher.domain.Holding;
import dev.kandjistream.enricher.domain.HoldingIndex;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserFacts;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is remembered of each user of a partition. A letter and the key of the record told about it make the store's key:
 *
 * <pre>
 * u account/user_id          the user
 * a account/user_id/app_id   its use of an app
 * i ...                      either of them spread out, see {@link StoredIndex}
 * n source                   number of the last difference from this source of differences
 * p replay                   how far a replay is, see {@link ReplayStore}
 * </pre>
 */
public final class UserStore {
    private static final int FORM = 1;

    /** Few devices in a value as large as this are spread out, so that every value fits into the changelog. */
    private static final int SPREAD_BEYOND = 16 << 10;

    private static final byte USER = 'u';
    private static final byte USAGE = 'a';
    private static final byte SOURCE = 'n';

    private final KeyValueStore<Bytes, byte[]> store;
    private final BytesWriter out = new BytesWriter();
    private final FactsCodec<UserFacts> userFacts = new FactsCodec.OfUser();
    private final FactsCodec<UsageFacts> usageFacts = new FactsCodec.OfUsage();
    private final HoldingCodec<UserFacts> users = new HoldingCodec<>(userFacts);
    private final HoldingCodec<UsageFacts> usages = new HoldingCodec<>(usageFacts);

    public UserStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    public UserState user(byte[] key) {
        byte[] value = store.get(prefixed(USER, key));
        if (value == null) {
            return UserState.UNKNOWN;
        }
        var in = BytesReader.of(value, FORM);
        boolean removed = in.flag();
        boolean usageEnded = in.flag();
        return new UserState(users.read(in, userIndex(key)), removed, usageEnded);
    }

    public void putUser(byte[] key, UserState state) {
        byte[] value = bytes(state, state.devices());
        if (value.length > SPREAD_BEYOND && isSpreadable(state.devices())) {
            value = bytes(state, spread(state.devices(), userIndex(key)));
        }
        store.put(prefixed(USER, key), value);
    }

    private byte[] bytes(UserState state, Holding<UserFacts> devices) {
        out.octet(FORM).flag(state.removed()).flag(state.usageEnded());
        users.write(devices, out);
        return out.take();
    }

    private static boolean isSpreadable(Holding<?> holding) {
        return holding instanceof FewDevices<?> few && few.contributions().size() > 1;
    }

    private static <F> Holding<F> spread(Holding<F> holding, HoldingIndex<F> index) {
        return ((FewDevices<F>) holding).spread(index);
    }

    public Holding<UsageFacts> usage(byte[] key) {
        byte[] value = store.get(prefixed(USAGE, key));
        return value == null ? FewDevices.none() : usages.read(BytesReader.of(value, FORM), usageIndex(key));
    }

    /** @param usage deleted where it is empty */
    public void putUsage(byte[] key, Holding<UsageFacts> usage, boolean empty) {
        if (empty) {
            store.delete(prefixed(USAGE, key));
        } else {
            byte[] value = bytes(usage);
            if (value.length > SPREAD_BEYOND && isSpreadable(usage)) {
                value = bytes(spread(usage, usageIndex(key)));
            }
            store.put(prefixed(USAGE, key), value);
        }
    }

    /**
     * Keys of usages, each behind the letter a, then those of users, each behind the letter u.
     *
     * @param beginning of the keys; empty for all
     * @param after where to begin, itself left out; null for the first
     */
    public StoredKeys usagesAndUsers(String beginning, String after) {
        return new StoredKeys(store, "au", beginning, after);
    }

    private byte[] bytes(Holding<UsageFacts> usage) {
        out.octet(FORM);
        usages.write(usage, out);
        return out.take();
    }

    /** Whether this difference was taken before, or one of the same source that came after it. */
    public boolean knows(DifferenceNumber difference) {
        byte[] value = store.get(key(difference.source()));
        return value != null
                && difference.number() <= BytesReader.of(value, FORM).number();
    }

    /** The difference is taken. */
    public void put(DifferenceNumber difference) {
        store.put(
                key(difference.source()),
                out.octet(FORM).number(difference.number()).take());
    }

    private static Bytes key(UUID source) {
        var key = ByteBuffer.allocate(1 + 2 * Long.BYTES).put(SOURCE);
        key.putLong(source.getMostSignificantBits()).putLong(source.getLeastSignificantBits());
        return Bytes.wrap(key.array());
    }

    /** Where the devices of a user with many of them are spread out. */
    public HoldingIndex<UserFacts> userIndex(byte[] key) {
        return new StoredIndex<>(store, USER, key, userFacts);
    }

    /** Where the devices behind a user's use of one app are spread out. */
    public HoldingIndex<UsageFacts> usageIndex(byte[] key) {
        return new StoredIndex<>(store, USAGE, key, usageFacts);
    }

    private static Bytes prefixed(byte letter, byte[] key) {
        byte[] prefixed = new byte[key.length + 1];
        prefixed[0] = letter;
        System.arraycopy(key, 0, prefixed, 1, key.length);
        return Bytes.wrap(prefixed);
    }
}
