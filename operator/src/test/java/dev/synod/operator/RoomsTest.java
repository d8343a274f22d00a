package dev.synod.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the operator's rooms may touch, as their package-info says. */
final class RoomsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.synod.operator");

    /** Values in, values out. */
    private static final String[] PURE = {"dev.synod.operator.model..", "dev.synod.operator.plan..",
        "dev.synod.operator.observe..", "dev.synod.operator.status..", "dev.synod.operator.tls.."};

    @Test
    void thePlanTouchesValuesAlone() {
        classes().that().resideInAPackage("dev.synod.operator.plan").should().onlyDependOnClassesThat()
                .resideInAnyPackage("dev.synod.operator.plan", "java.lang..", "java.time", "java.util",
                        "java.util.function",
                        "java.util.stream", "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void whatDecidesReadsNoClockAndDrawsNothing() {
        noClasses().that().resideInAnyPackage(PURE).should().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(UUID.class, "randomUUID")
                .because("time and randomness come in from the edge").check(CLASSES);
    }

    @Test
    void whatDecidesKnowsNoApi() {
        noClasses().that().resideInAnyPackage(PURE).should().dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
                .orShould().dependOnClassesThat().resideInAnyPackage("io.fabric8.kubernetes.client.dsl..",
                        "java.net..", "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void theWayToMembersKnowsNoKubernetes() {
        noClasses().that().resideInAPackage("dev.synod.operator.members..").should().dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "dev.synod.crd..").check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES).isNotEmpty().allSatisfy(type -> assertThat(
                Class.forName(type.getPackageName() + ".package-info")).hasAnnotation(NullMarked.class));
    }
}
