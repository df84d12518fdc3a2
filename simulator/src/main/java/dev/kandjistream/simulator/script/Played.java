package dev.kandjistream.simulator.script;

/**
 * A step that was played.
 *
 * @param description one readable line
 * @param deviceId of the device that changed (the new one after a new enrolment); null where a person did
 * @param personKey of the person concerned; null for nobody
 */
public record Played(Change change, String description, String deviceId, String personKey) {}
