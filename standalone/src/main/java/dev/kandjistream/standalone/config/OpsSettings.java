package dev.kandjistream.standalone.config;

import java.util.OptionalInt;

/**
 * Where health and metrics are served.
 *
 * @param host address to listen on; the loopback address by default
 * @param port empty: the command's usual one, or a free one where that is taken; 0 any free one; else this one or none
 */
public record OpsSettings(String host, OptionalInt port) {}
