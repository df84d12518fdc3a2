package dev.kandjistream.standalone.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code kandji-stream appconfig}. The dictionary goes to standard output and nothing else does, so that it can be sent
 * to a file or the clipboard; what to do with it goes to standard error.
 */
@Command(
        name = "appconfig",
        header = "Prints what tells an iPhone or iPad app its device's serial number.",
        description = {
            "iOS and iPadOS tell no app the serial number, so the app that signs people in cannot ask about its device. A"
                    + " managed app configuration hands it over: Kandji puts the device's own in the place of"
                    + " $SERIAL_NUMBER.",
            "Prints the dictionary to standard output and the steps to standard error. macOS apps need none of it: they"
                    + " can read the serial number themselves."
        })
final class AppConfigCommand implements Callable<Integer> {
    private static final int LONGEST_KEY = 200;

    @Option(
            names = "--key",
            paramLabel = "NAME",
            defaultValue = "serialNumber",
            description = "Key under which the app looks for it; its vendor says which. Default: ${DEFAULT-VALUE}.")
    private String key;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--key: expected the name of a key, up to " + LONGEST_KEY
                            + " characters in one line, found something else");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(plist(key));
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        STEPS.lines().forEach(line -> err.println(line.replace("%key%", key)));
        err.flush();
        return ExitCodes.DONE;
    }

    private static final String STEPS = """

            To have Kandji hand it over:
              1. In Kandji open Library and the app that signs people in: an App Store app or a custom app for iPhone and iPad.
              2. Under its settings turn on the managed app configuration, and paste the text above.
              3. Save. Kandji sends it to each device with the device's own serial number in place of $SERIAL_NUMBER.
              4. On a device, have the app show or log the value of "%key%". If it is the text $SERIAL_NUMBER, the
                 configuration was sent by something else than Kandji.

            The app finds it in its user defaults, key com.apple.configuration.managed, and sends it as serial_number.""";

    /** An XML property list; the layout is Apple's. */
    static String plist(String key) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <plist version="1.0">
                <dict>
                    <key>%s</key>
                    <string>$SERIAL_NUMBER</string>
                </dict>
                </plist>
                """.formatted(key.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
}
