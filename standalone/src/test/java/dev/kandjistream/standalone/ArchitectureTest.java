package dev.kandjistream.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** Who may know whom, over all modules: this one sees them all. */
@AnalyzeClasses(packages = "dev.kandjistream", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.kandjistream.";
    private static final String[] SERVICES = {ROOT + "poller..", ROOT + "enricher..", ROOT + "sink.."};

    @ArchTest
    static final ArchRule NOTHING_KNOWS_STANDALONE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "standalone..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "standalone..")
            .because("it is wiring and command line: whatever else were to need it belongs somewhere lower");

    @ArchTest
    static final ArchRule POLLER_KNOWS_NO_OTHER_SERVICE = knowsNoOther("poller", "enricher..", "sink..");

    @ArchTest
    static final ArchRule ENRICHER_KNOWS_NO_OTHER_SERVICE = knowsNoOther("enricher", "poller..", "sink..", "kandji..");

    @ArchTest
    static final ArchRule SINK_KNOWS_NO_OTHER_SERVICE = knowsNoOther("sink", "poller..", "enricher..", "kandji..");

    @ArchTest
    static final ArchRule SERVICES_KNOW_NEITHER_SIMULATOR_NOR_EMBEDDED = noClasses()
            .that()
            .resideInAnyPackage(SERVICES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "simulator..", ROOT + "embedded..")
            .because("in production there is neither: a service is told where Kafka and the API are");

    @ArchTest
    static final ArchRule SIMULATOR_KNOWS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage(ROOT + "simulator..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("dev.kandjistream..").and(resideOutsideOfPackages(ROOT + "simulator..")))
            .because("its truth is worth something only if it comes from elsewhere than the code it judges");

    @ArchTest
    static final ArchRule SIMULATOR_KNOWS_NO_KAFKA = noClasses()
            .that()
            .resideInAPackage(ROOT + "simulator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..")
            .because("it is an API over HTTP and a product of its own");

    @ArchTest
    static final ArchRule SCHEMAS_KNOW_NO_MODULE = noClasses()
            .that()
            .resideInAPackage(ROOT + "schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "kandji..",
                    ROOT + "poller..",
                    ROOT + "enricher..",
                    ROOT + "sink..",
                    ROOT + "simulator..",
                    ROOT + "embedded..")
            .because("all modules meet in it");

    @ArchTest
    static final ArchRule KANDJI_KNOWS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage(ROOT + "kandji..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("dev.kandjistream..").and(resideOutsideOfPackages(ROOT + "kandji..")))
            .because("it is the API's client, whoever asks and whatever for");

    @ArchTest
    static final ArchRule CONFIG_KNOWS_NO_MODULE_AND_NO_KAFKA = noClasses()
            .that()
            .resideInAPackage(ROOT + "config..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.kandjistream..", "org.apache.kafka..")
                    .and(resideOutsideOfPackages(ROOT + "config..")))
            .because("it reads files, whoever they belong to");

    @ArchTest
    static final ArchRule EMBEDDED_KNOWS_SCHEMAS_ALONE = noClasses()
            .that()
            .resideInAPackage(ROOT + "embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "kandji..", ROOT + "poller..", ROOT + "enricher..", ROOT + "sink..", ROOT + "simulator..")
            .because("services run against it in their own tests");

    @ArchTest
    static final ArchRule KANDJI_DOMAIN_IS_PURE = domainIsPure("kandji");

    @ArchTest
    static final ArchRule POLLER_DOMAIN_IS_PURE = domainIsPure("poller", "kandji");

    @ArchTest
    static final ArchRule ENRICHER_DOMAIN_IS_PURE = domainIsPure("enricher");

    @ArchTest
    static final ArchRule SINK_DOMAIN_IS_PURE = domainIsPure("sink");

    @ArchTest
    static final ArchRule DOMAINS_HAVE_NO_CLOCK_AND_NO_DICE = noClasses()
            .that()
            .resideInAPackage(ROOT + "(*).domain..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random")
            .because("time, ids and chance arrive as arguments, so that every decision can be replayed in a test");

    @ArchTest
    static final ArchRule NO_GRAB_BAGS = noClasses()
            .that()
            .resideInAPackage("dev.kandjistream..")
            .should()
            .resideInAnyPackage("..common..", "..util..", "..utils..", "..helper..")
            .because("a helper lives beside its caller");

    private static ArchRule knowsNoOther(String service, String... others) {
        String[] packages =
                java.util.Arrays.stream(others).map(other -> ROOT + other).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(ROOT + service + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .because("services meet in topics, so that each can be started, scaled and replaced alone");
    }

    private static ArchRule domainIsPure(String module, String... below) {
        var pure = new ArrayList<>(List.of("java..", ROOT + module + ".domain.."));
        for (String other : below) {
            pure.add(ROOT + other + ".domain..");
        }
        return classes()
                .that()
                .resideInAPackage(ROOT + module + ".domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(pure.toArray(String[]::new))
                .because("what is decided there is decided from values alone, without a broker, a database or a clock");
    }
}
