package dev.kandjistream.standalone.config;

/**
 * How services write their log to standard output.
 *
 * @param level least level of our own lines: DEBUG, INFO, WARN or ERROR
 * @param json one JSON object a line instead of plain text
 */
public record LogSettings(String level, boolean json) {}
