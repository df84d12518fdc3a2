package dev.kandjistream.standalone.config;

/**
 * How the sink runs.
 *
 * @param consumers threads that read and write side by side
 * @param batchRecords most records of one database transaction
 */
public record SinkSettings(int consumers, int batchRecords) {}
