package dev.kandjistream.simulator.fleet;

/** What a device is like unless somebody says otherwise. */
final class Defaults {
    static final Blueprint EVERYBODY = new Blueprint("0f3c2f7e-52a4-4e0b-9a55-6d2a3f1b7c01", "Everybody");
    static final String AGENT = "4.8.0 (5400)";

    private Defaults() {}

    static void dress(Device device) {
        device.blueprint = EVERYBODY;
        device.osVersion = osVersion(device.platform());
        device.agentVersion = device.platform() == Platform.MAC ? AGENT : "";
    }

    private static String osVersion(Platform platform) {
        return switch (platform) {
            case MAC -> "15.6";
            case IPHONE, IPAD -> "18.6";
            case APPLE_TV -> "18.5";
            case ANDROID -> "15";
        };
    }
}
