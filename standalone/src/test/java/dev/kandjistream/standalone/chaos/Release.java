package dev.kandjistream.standalone.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Which version of the program a member runs. */
enum Release {
    PRESENT,
    /** 0.1.0, with the libraries of the present one: {@code upgrade/0.1.0/README.md}. */
    FORMER;

    private static final String OWN_CLASSES = File.separator + "target" + File.separator;

    /** @param directory where the former one's classes are unpacked */
    String classPath(Path directory) {
        String present = System.getProperty("java.class.path");
        if (this == PRESENT) {
            return present;
        }
        String libraries = Stream.of(present.split(File.pathSeparator))
                .filter(entry -> !entry.contains(OWN_CLASSES))
                .collect(Collectors.joining(File.pathSeparator));
        return unpacked(directory.resolve("services-0.1.0.jar")) + File.pathSeparator + libraries;
    }

    /** A zip file of stored entries, which is a JAR file. */
    private static Path unpacked(Path jar) {
        try (var in = new GZIPInputStream(Release.class.getResourceAsStream("/upgrade/0.1.0/services.zip.gz"))) {
            Files.copy(in, jar);
        } catch (FileAlreadyExistsException unpackedBefore) {
            return jar;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return jar;
    }
}
