package dev.kandjistream.sink.domain;

/** A column of a current table, which is also a field of the entity and a member of its JSON. */
public record Column(String name, ColumnType type) {}
