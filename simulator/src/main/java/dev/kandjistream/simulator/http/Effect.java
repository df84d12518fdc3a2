package dev.kandjistream.simulator.http;

import java.time.Duration;

/** What a fault does to an answer. */
public sealed interface Effect {
    /** That status with the body the real API has for it; {@code retryAfter} null for none. */
    record Status(int status, Duration retryAfter) implements Effect {}

    /** The answer comes later. */
    record Delay(Duration by) implements Effect {}

    /** The connection ends without an answer. */
    record HangUp() implements Effect {}

    /** The announced length is right, but the connection ends half way. */
    record CutBody() implements Effect {}

    /** A proxy's HTML page with status 200. */
    record HtmlInstead() implements Effect {}

    /** 200 and a page without rows, and no cursor; {@code total} as it is. */
    record EmptyPage() implements Effect {}

    /** Only the first rows of the page; the others are lost, the next page goes on after them. */
    record ShortPage(int rows) implements Effect {}

    /** Pages no longer than this whatever {@code limit} says; the cursor goes on right after them. */
    record CappedPage(int rows) implements Effect {}

    /** As if the tenant had no device and no app row. */
    record EmptyFleet() implements Effect {}

    /** Every device is shown without its user. */
    record NoUsers() implements Effect {}

    /** The answer's cursor leads to this very page again. */
    record RepeatedCursor() implements Effect {}

    /** 400 to any request with a cursor that is not empty. */
    record ExpiredCursor() implements Effect {}

    /** The page has no cursor although rows follow. */
    record NoCursor() implements Effect {}

    /** The page begins so many rows later (rows before it went: rows are skipped) or, if negative, earlier (repeated). */
    record Shift(int rows) implements Effect {}

    /** Another total; null for {@code null}. */
    record Total(Long total) implements Effect {}

    /** Something happens just before the request is answered, such as a change of the fleet between two pages. */
    record Before(Runnable happening) implements Effect {}
}
