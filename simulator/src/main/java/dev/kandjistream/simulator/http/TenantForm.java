package dev.kandjistream.simulator.http;

/** Which of the two recorded ages of the API a tenant shows. */
public enum TenantForm {
    /**
     * Behind the newer gateway: rate-limit headers, Kong's bodies, UUID user ids, all fields, extra fields where the
     * fleet is mixed; Prism tells {@code total} on the first page alone and a null cursor on the last page, full or not.
     */
    US(true),
    /**
     * An older host: no gateway headers, {@code X-Total-Count} and {@code Link} with {@code <None>}, numeric user ids,
     * fewer fields, HTML for 404; Prism always tells {@code total}, gives a cursor on every page that has rows and none
     * on the empty one after it, shows device ids in upper case, and ignores filter keys it does not know.
     */
    EU(false);

    private final boolean newer;

    TenantForm(boolean newer) {
        this.newer = newer;
    }

    /** Whether the newer gateway and fields are there. */
    public boolean newer() {
        return newer;
    }
}
