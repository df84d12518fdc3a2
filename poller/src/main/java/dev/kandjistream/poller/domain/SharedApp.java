package dev.kandjistream.poller.domain;

/**
 * An app that the rows of a sweep share, its prints computed once.
 *
 * @param identity see {@link App#identity}
 * @param content print of all columns, see {@link App#content}
 */
public record SharedApp(App app, long identity, long content) {
    static SharedApp of(App app) {
        return new SharedApp(app, app.identity(), app.content());
    }
}
