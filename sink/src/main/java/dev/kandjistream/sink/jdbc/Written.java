package dev.kandjistream.sink.jdbc;

import java.util.Map;

/**
 * What a committed batch did.
 *
 * @param rows rows written or removed, by table
 * @param knownEvents events whose id history knew already, by history table; without a rebuild there must be none
 */
public record Written(Map<String, Integer> rows, Map<String, Integer> knownEvents) {}
