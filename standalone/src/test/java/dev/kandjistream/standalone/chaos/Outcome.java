package dev.kandjistream.standalone.chaos;

import java.time.Duration;

/**
 * What a seed that found no fault has done and checked.
 *
 * @param settled from the end of all faults until everything stood
 * @param events change events judged
 * @param retractions of them, seats and usages taken away that were compared with the truth of the moment
 */
record Outcome(Schedule schedule, Duration settled, long events, int retractions) {}
