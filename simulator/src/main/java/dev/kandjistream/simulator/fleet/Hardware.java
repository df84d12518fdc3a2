package dev.kandjistream.simulator.fleet;

/**
 * What of a device survives a new enrolment.
 *
 * @param serial may be empty or shared by several devices
 * @param model marketing text, {@code MacBook Air (M1, 2020)}
 * @param modelId {@code MacBookAir10,1}
 */
public record Hardware(Platform platform, String serial, String model, String modelId) {
    /** Hardware of a usual model of the platform. */
    public static Hardware of(Platform platform, String serial) {
        return switch (platform) {
            case MAC -> new Hardware(platform, serial, "MacBook Air (M2, 2022)", "Mac14,2");
            case IPHONE -> new Hardware(platform, serial, "iPhone 15", "iPhone15,4");
            case IPAD -> new Hardware(platform, serial, "iPad (10th generation)", "iPad13,18");
            case APPLE_TV -> new Hardware(platform, serial, "Apple TV 4K (3rd generation)", "AppleTV14,1");
            case ANDROID -> new Hardware(platform, serial, "Pixel 8", "Pixel 8");
        };
    }
}
