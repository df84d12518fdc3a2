package dev.kandjistream.simulator.fleet;

/** A group of devices with one configuration. */
public record Blueprint(String id, String name) {}
