package dev.kandjistream.poller.domain;

/** What a receipt says of an account that has become another tenant's. */
public final class TenantChange {
    private TenantChange() {}

    /**
     * The verdict, with a word about the change where there is one.
     *
     * @param known the account's ledger
     * @param judged {@link Ledger#of} the sweep's tenant
     */
    public static Verdict told(Verdict verdict, Ledger known, Ledger judged) {
        return known.tenant() == null || known == judged
                ? verdict
                : verdict.saying("the account's URL is another tenant's now, " + judged.tenant() + " instead of "
                        + known.tenant()
                        + ": what it brings is state, not news, and what the former had is retracted on evidence only");
    }
}
