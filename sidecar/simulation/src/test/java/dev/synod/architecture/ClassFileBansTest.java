package dev.synod.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.synod.architecture.fixture.Offender;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

final class ClassFileBansTest {

    static final List<Ban> BANS = Bans.TABLE;

    @ParameterizedTest
    @EnumSource
    void noClassOfARoomUsesWhatIsBannedThere(Room room) {
        assertThat(ClassFileScan.violations(room.classes(), room, Bans.TABLE)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("BANS")
    void eachBanCatchesAClassPlantedToBreakIt(Ban ban) {
        for (Room room : ban.rooms()) {
            String planted = room.rootPackage() + ".part.Planted"; // the topmost package has exceptions
            assertThat(ClassFileScan.violations(classThatUses(ban, planted), room, List.of(ban)))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith(planted + " uses ") && line.endsWith(": " + ban.why()));
        }
    }

    @Test
    void aBanHoldsOnlyInItsRooms() {
        byte[] hashing = classThatUses(ban("java.util.HashMap"), "dev.synod.simulation.Planted");
        assertThat(ClassFileScan.violations(hashing, Room.SIMULATION, Bans.TABLE)).isEmpty();
        assertThat(ClassFileScan.violations(hashing, Room.PAXOS, Bans.TABLE)).hasSize(1);
    }

    @Test
    void aClassThatIsExceptedIsLetThroughAndSoAreItsNestedOnes() {
        Ban threads = ban("java.lang.Thread*");
        for (String entry : List.of("dev.synod.simulation.Main", "dev.synod.simulation.Main$Progress")) {
            assertThat(ClassFileScan.violations(classThatUses(threads, entry), Room.SIMULATION, Bans.TABLE))
                    .isEmpty();
        }
        byte[] other = classThatUses(threads, "dev.synod.simulation.world.Main");
        assertThat(ClassFileScan.violations(other, Room.SIMULATION, Bans.TABLE)).hasSize(1);
    }

    @Test
    void aBannedUseIsSeenInWhateverFormItIsWritten() {
        var offender = new ClassFileImporter().importClasses(Offender.class);
        assertThat(ClassFileScan.violations(offender, Room.PAXOS, Bans.TABLE))
                .map(line -> line.substring(line.indexOf(" uses ") + 6, line.indexOf(':')))
                .contains(
                        "java.util.Random", // the type of a field
                        "java.util.HashSet", // a superclass
                        "java.util.LinkedHashMap", // what is constructed
                        "java.lang.System.nanoTime", // called within a lambda
                        "java.lang.Math.random", // a method reference
                        "java.util.UUID.randomUUID", // called
                        "java.util.Set.of", // called on an interface
                        "java.io.IOException", // thrown
                        "java.time.Instant", // the element of an array parameter
                        "java.util.HashMap", // in a pattern
                        "java.lang.Object.hashCode",
                        "dev.synod.architecture.fixture.Offender$Colour.hashCode"); // an enum's
    }

    private static Ban ban(String owner) {
        return Bans.TABLE.stream().filter(row -> row.owner().equals(owner)).findFirst().orElseThrow();
    }

    /**
     * A class file that calls the banned members, or casts to the banned class, and does nothing else.
     */
    private static byte[] classThatUses(Ban ban, String name) {
        ClassDesc owner =
                ClassDesc.of(ban.owner().endsWith("*") ? ban.owner().replace("*", "Something") : ban.owner());
        return ClassFile.of().build(ClassDesc.of(name),
                type -> type.withMethodBody("run", ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
                    if (ban.members().isEmpty()) {
                        code.aconst_null().checkcast(owner).pop();
                    }
                    for (String member : ban.members()) {
                        code.invokestatic(owner, member, MethodTypeDesc.of(ConstantDescs.CD_void));
                    }
                    code.return_();
                }));
    }
}
