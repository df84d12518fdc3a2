package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.ApiException;
import java.util.Optional;

/**
 * A walk that was read as far as it went.
 *
 * @param sweep what the pages said
 * @param pages pages read
 * @param failure why it ended early; empty where it reached the end
 */
public record Reading<S>(S sweep, long pages, Optional<ApiException> failure) {}
