package dev.kandjistream.posture;

import dev.kandjistream.posture.live.LiveAccount;
import dev.kandjistream.posture.live.LiveSettings;
import java.util.List;

/** Whose API may be asked about single devices, and how often. */
public record LiveConfig(List<LiveAccount> accounts, LiveSettings settings) {
    public LiveConfig {
        accounts = List.copyOf(accounts);
    }
}
