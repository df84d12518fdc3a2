package dev.kandjistream.poller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses POLLER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kandjistream.poller");

    @Test
    void theDomainIsPure() {
        classes()
                .that()
                .resideInAPackage("..poller.domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.time..",
                        "dev.kandjistream.poller.domain..",
                        "dev.kandjistream.kandji.domain..")
                .because("verdicts must be a function of what pages and ledger said, tried in thousands a second")
                .check(POLLER);
    }

    @Test
    void theDomainHasNoClockAndNoRandomness() {
        noClasses()
                .that()
                .resideInAPackage("..poller.domain..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .because("time and chance arrive as arguments, so that a history can be replayed")
                .check(POLLER);
    }

    @Test
    void theServiceKnowsNoOtherModuleThanSchemasAndKandji() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kandjistream.enricher..",
                        "dev.kandjistream.sink..",
                        "dev.kandjistream.standalone..",
                        "dev.kandjistream.simulator..",
                        "dev.kandjistream.embedded..")
                .because("services meet in topics")
                .check(POLLER);
    }

    @Test
    void httpAndKafkaDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("..poller.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..poller.kafka..", "org.apache.kafka.clients..", "org.apache.avro..")
                .because("what the API says and what is published meet in the domain")
                .check(POLLER);
        noClasses()
                .that()
                .resideInAPackage("..poller.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..poller.http..", "..kandji.http..", "java.net.http..")
                .check(POLLER);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.kandjistream.poller.(*)..")
                .should()
                .beFreeOfCycles()
                .check(POLLER);
    }
}
