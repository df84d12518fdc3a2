package dev.kandjistream.kandji;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses KANDJI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kandjistream.kandji");

    @Test
    void theDomainIsPure() {
        classes()
                .that()
                .resideInAPackage("..kandji.domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java.lang..", "java.util..", "java.time..", "dev.kandjistream.kandji.domain..")
                .because("verdicts are made of it, and they are a function of what was said")
                .check(KANDJI);
    }

    @Test
    void theDomainHasNoClockAndNoRandomness() {
        noClasses()
                .that()
                .resideInAPackage("..kandji.domain..")
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
                .check(KANDJI);
    }

    @Test
    void itKnowsNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.kandjistream..").and(resideOutsideOfPackage("dev.kandjistream.kandji..")))
                .because("it is the API's client, whoever asks and whatever for")
                .check(KANDJI);
    }

    @Test
    void ofKafkaItKnowsTheTypeOfSecretsAlone() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.apache.kafka..").and(DescribedPredicate.not(type(Password.class))))
                .because(
                        "what becomes of an answer is its clients' concern; tokens are Passwords, which cannot be printed")
                .check(KANDJI);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.kandjistream.kandji.(*)..")
                .should()
                .beFreeOfCycles()
                .check(KANDJI);
    }
}
