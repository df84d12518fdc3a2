package dev.kandjistream.standalone.config;

/**
 * How the sink runs.
 *
 * @param consumers threads that read and write side by side
 * @param batchRecords most records of one database transaction
 * @param unreadableInARow how many unreadable records of a topic in a row go to the dead letters before it stops
 */
public record SinkSettings(int consumers, int batchRecords, int unreadableInARow) {}
