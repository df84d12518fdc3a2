package dev.kandjistream.enricher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kandjistream");

    @Test
    void theDomainKnowsOnlyTheJdkAndItself() {
        classes()
                .that()
                .resideInAPackage("dev.kandjistream.enricher.domain")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.kandjistream.enricher.domain")
                .because("what changed, and whose it is, must be decided and tested without Kafka, Avro or a clock")
                .check(CLASSES);
    }

    @Test
    void theDomainNeitherAsksTheClockNorThrowsDice() {
        noClasses()
                .that()
                .resideInAPackage("dev.kandjistream.enricher.domain")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .because("the same records must make the same events after any crash")
                .check(CLASSES);
    }

    @Test
    void storesDoNotKnowTheTopology() {
        noClasses()
                .that()
                .resideInAPackage("dev.kandjistream.enricher.store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.kandjistream.enricher.stream", "dev.kandjistream.schemas..")
                .because("the form of stored values is ours alone and outlives schemas and topology")
                .check(CLASSES);
    }

    @Test
    void ofTheProjectOnlySchemasIsKnown() {
        noClasses()
                .that()
                .resideInAPackage("dev.kandjistream.enricher..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kandjistream.kandji..",
                        "dev.kandjistream.poller..",
                        "dev.kandjistream.sink..",
                        "dev.kandjistream.embedded..",
                        "dev.kandjistream.simulator..",
                        "dev.kandjistream.standalone..")
                .because("services meet in topics")
                .check(CLASSES);
    }
}
