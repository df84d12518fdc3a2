package dev.kandjistream.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses SINK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kandjistream.sink");

    @Test
    void domainKnowsOnlyTheJdkAndItself() {
        classes()
                .that()
                .resideInAPackage("..sink.domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.kandjistream.sink.domain..")
                .because(
                        "what a record does to the tables is decided without Kafka, Avro or JDBC, so that it can be read and"
                                + " tested alone")
                .check(SINK);
    }

    @Test
    void domainNeitherLooksAtTheClockNorRollsDice() {
        noClasses()
                .that()
                .resideInAPackage("..sink.domain..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .because("times and ids come with the record")
                .check(SINK);
    }

    @Test
    void sinkUsesNoOtherModuleThanSchemas() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kandjistream.kandji..",
                        "dev.kandjistream.poller..",
                        "dev.kandjistream.enricher..",
                        "dev.kandjistream.simulator..",
                        "dev.kandjistream.embedded..",
                        "dev.kandjistream.standalone..")
                .because("services meet in topics")
                .check(SINK);
    }

    @Test
    void databaseAndKafkaMeetOnlyWhereABatchIsWritten() {
        noClasses()
                .that()
                .resideInAPackage("..sink.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.clients..", "org.apache.avro..", "dev.kandjistream.sink.kafka..")
                .because("the store takes rows and positions, wherever they come from")
                .check(SINK);
        noClasses()
                .that()
                .resideInAPackage("..sink.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postgresql..", "com.zaxxer..", "org.flywaydb..")
                .because("the loop knows the store, not how it speaks to the database")
                .check(SINK);
    }
}
