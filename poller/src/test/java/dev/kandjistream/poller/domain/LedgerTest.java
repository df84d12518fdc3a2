package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    /** It is part of the keys of ledgers out there. */
    @Test
    void theBucketOfADeviceNeverChanges() {
        assertThat(Ledger.bucketOf("037ae1b9-8215-45ef-9fa0-82b9f7796c05")).isEqualTo(154);
    }
}
