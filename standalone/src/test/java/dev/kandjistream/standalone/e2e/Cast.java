package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.simulator.fleet.App.mac;
import static dev.kandjistream.simulator.fleet.App.phone;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.util.Set;

/**
 * A handful of people and devices of known history among a seeded fleet, about whom expectations are worked out by hand.
 * The same in every account.
 */
final class Cast {
    static final App FIGMA = mac("Figma", "com.figma.Desktop", "1.0");
    static final App SLACK = mac("Slack", "com.tinyspeck.slackmacgap", "4.0");
    static final App ZOOM = mac("Zoom", "us.zoom.xos", "6.0");
    static final App NOTION = mac("Notion", "notion.id", "3.0");
    static final App QUIBBLE = mac("Quibble", "example.quibble", "0.9");
    static final App PROCREATE = phone("Procreate", "com.procreate", "5.3");
    static final App PLEX = phone("Plex", "com.plexapp.plex", "8.0");

    private static final String AT_HOME = "@x.example";
    private static final Set<String> WHO =
            Set.of("ada-mac", "Ada", "ben-mac", "Ben", "spare-mac", "cleo-ipad", "Cleo", "dora-tv", "Dora");

    private final Fleet fleet;
    Person ada;
    Person ben;
    Person cleo;
    Person dora;
    Device adasMac;
    final Device bensMac;
    final Device spareMac;
    Device cleosIpad;
    final Device dorasTv;

    /** Those who are there before anybody looks: all but Ada. */
    Cast(Fleet fleet) {
        this.fleet = fleet;
        ben = fleet.hire("Ben", "Ben@X.example");
        cleo = fleet.hire("Cleo", "cleo@x.example");
        dora = fleet.hire("Dora", "dora@x.example");
        bensMac = fleet.enrol(Enrolment.of(Platform.MAC, "C02BEN", "ben-mac")
                .assignedTo(ben)
                .with(FIGMA, SLACK, QUIBBLE, updater("Quibble Updater", QUIBBLE)));
        spareMac =
                fleet.enrol(Enrolment.of(Platform.MAC, "C02SPARE", "spare-mac").with(SLACK.withVersion("4.1"), ZOOM));
        cleosIpad = fleet.enrol(Enrolment.of(Platform.IPAD, "DMPCLEO", "cleo-ipad")
                .assignedTo(cleo)
                .with(PROCREATE));
        dorasTv = fleet.enrol(Enrolment.of(Platform.APPLE_TV, "TVDORA", "dora-tv")
                .assignedTo(dora)
                .with(PLEX));
    }

    Fleet fleet() {
        return fleet;
    }

    void adaJoins() {
        ada = fleet.hire("Ada", "Ada@x.example");
        adasMac = fleet.enrol(Enrolment.of(Platform.MAC, "C02ADA", "ada-mac")
                .assignedTo(ada)
                .with(FIGMA, SLACK, helper("Slack Helper (Renderer)", SLACK), updater("FIGMA UPDATER", FIGMA)));
    }

    static App helper(String name, App parent) {
        return mac(name, parent.bundleId() + ".helper", parent.version())
                .withPath(parent.path() + "/Contents/Frameworks/" + name + ".app");
    }

    static App updater(String name, App parent) {
        return mac(name, parent.bundleId() + ".updater", parent.version())
                .withPath("/Library/Application Support/" + name + ".app");
    }

    /** Whether an event's line tells of somebody or something of the cast. */
    static boolean isIn(String line) {
        String who = line.substring(line.lastIndexOf(' ') + 1);
        return WHO.contains(who) || who.endsWith(AT_HOME);
    }
}
