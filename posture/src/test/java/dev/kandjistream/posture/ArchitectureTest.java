package dev.kandjistream.posture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.kandjistream.posture";
    private static final List<String> BESIDE_EACH_OTHER = List.of("policy", "kafka", "live", "http");
    private static final JavaClasses POSTURE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void theDomainIsPure() {
        classes()
                .that()
                .resideInAPackage("..posture.domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java.lang..", "java.util..", "java.time..", "dev.kandjistream.posture.domain..")
                .because("a decision must be a function of what is known, tried in thousands a second")
                .check(POSTURE);
    }

    @Test
    void theDomainHasNoClockAndNoRandomness() {
        noClasses()
                .that()
                .resideInAPackage("..posture.domain..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .because("time and chance arrive as arguments, so that a decision can be explained afterwards")
                .check(POSTURE);
    }

    @Test
    void theServiceKnowsNoOtherService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kandjistream.poller..",
                        "dev.kandjistream.enricher..",
                        "dev.kandjistream.sink..",
                        "dev.kandjistream.standalone..",
                        "dev.kandjistream.simulator..",
                        "dev.kandjistream.embedded..")
                .because("services meet in topics")
                .check(POSTURE);
    }

    @Test
    void besideItselfAPackageKnowsTheDomainOnly() {
        for (String one : BESIDE_EACH_OTHER) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + one + "..")
                    .should()
                    .dependOnClassesThat(isOfPostureButNeitherDomainNor(one))
                    .because("the top joins them, so that each can be understood and tried without the others")
                    .allowEmptyShould(true)
                    .check(POSTURE);
        }
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.kandjistream.posture.(*)..")
                .should()
                .beFreeOfCycles()
                .check(POSTURE);
    }

    private static DescribedPredicate<JavaClass> isOfPostureButNeitherDomainNor(String one) {
        return DescribedPredicate.describe(
                "are of the service, but neither of its domain nor of " + one,
                type -> (type.getPackageName() + ".").startsWith(ROOT + ".")
                        && !(type.getPackageName() + ".").startsWith(ROOT + ".domain.")
                        && !(type.getPackageName() + ".").startsWith(ROOT + "." + one + "."));
    }
}
