package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import java.util.List;
import java.util.function.BiConsumer;

/** Devices and accounts as one reading of the topics knows them. A later reading makes another one. */
record Picture(Fleet fleet, Accounts accounts) {

    Sighting sighting(SerialNumber serialNumber) {
        return sighting(fleet.under(serialNumber));
    }

    void forEach(BiConsumer<SerialNumber, Sighting> reader) {
        fleet.forEach((serialNumber, enrolments) -> reader.accept(serialNumber, sighting(enrolments)));
    }

    private Sighting sighting(List<Enrolment> enrolments) {
        return Enrolments.choose(enrolments)
                .map(chosen ->
                        Sighting.ofView(chosen, accounts.of(chosen.enrolment().accountId())))
                .orElse(Sighting.NONE);
    }
}
