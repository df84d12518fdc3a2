package dev.kandjistream.kandji.http;

/** How an account stands with the API; the words of the receipt. */
public enum Connection {
    CONNECTED("The API answers."),
    UNAUTHORIZED(
            "The API does not know the token: it is wrong, revoked, expired, or of another tenant. Create a token in"
                    + " Kandji under Settings > Access > API token and put it where the configuration says."),
    FORBIDDEN(
            "The API knows the token but does not permit the endpoint, or does not know the token: add the endpoint to"
                    + " the token's permissions in Kandji under Settings > Access > API token."),
    RATE_LIMITED("The tenant's request budget is used up, by this pipeline or by other tools: lengthen the intervals or"
            + " lower what the other tools spend. Polling goes on by itself."),
    UNREACHABLE(
            "The API does not answer as an API does: check the URL, the network and Kandji's status page. Polling goes"
                    + " on by itself.");

    private final String mending;

    Connection(String mending) {
        this.mending = mending;
    }

    /** What it means and how to mend it, for a person. */
    public String mending() {
        return mending;
    }
}
