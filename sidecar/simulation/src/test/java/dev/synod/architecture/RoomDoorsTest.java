package dev.synod.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.synod.architecture.fixture.Offender;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RoomDoorsTest {

    @ParameterizedTest
    @EnumSource
    void aRoomTouchesOnlyWhatItsDoorsLeadTo(Room room) {
        doorsOf(room).check(room.classes());
    }

    @ParameterizedTest
    @EnumSource
    void everyPackageSaysWhatItIsForAndIsNullMarked(Room room) {
        var packages = new TreeSet<String>();
        room.classes().forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages).isNotEmpty().allSatisfy(
                name -> assertThat(Class.forName(name + ".package-info")).hasAnnotation(NullMarked.class));
    }

    @ParameterizedTest
    @EnumSource
    void aClassIsFinalUnlessItIsMadeToBeExtended(Room room) {
        assertThat(room.classes()).filteredOn(RoomDoorsTest::isExtensibleByAccident).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aNameSaysWhatAClassIs(Room room) {
        namesOf(room).check(room.classes());
    }

    @Test
    void theRulesFailOnAClassThatBreaksThem() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
        ArchRule doors = onlyTouching("..fixture..", List.of("java.lang..", "java.util"));
        assertThatThrownBy(() -> doors.check(offender)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.time.Instant")
                .hasMessageContaining("java.io.IOException");
        assertThat(new ClassFileImporter().importClasses(ExtensibleByAccident.class))
                .allMatch(RoomDoorsTest::isExtensibleByAccident);
    }

    private static ArchRule doorsOf(Room room) {
        return onlyTouching(room.packages, room.doors);
    }

    private static ArchRule onlyTouching(String packages, List<String> doors) {
        var allowed = new ArrayList<>(doors);
        allowed.add(packages);
        allowed.add("org.jspecify.annotations");
        return classes().that().resideInAPackage(packages)
                .should().onlyDependOnClassesThat().resideInAnyPackage(allowed.toArray(String[]::new));
    }

    private static ArchRule namesOf(Room room) {
        return noClasses().that().resideInAPackage(room.packages)
                .should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base)(\\$.*)?")
                .because("a name that fits anything says nothing");
    }

    private static boolean isExtensibleByAccident(JavaClass type) {
        return !type.isInterface()
                && !type.isEnum()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.FINAL)
                && !type.getModifiers().contains(JavaModifier.ABSTRACT);
    }

    /** Not final, and nothing says that it should not be. */
    private static class ExtensibleByAccident {}
}
