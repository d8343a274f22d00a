package dev.synod.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;

/** The rooms of the sidecar, from the ground floor up, each with the packages it may touch beside itself. */
enum Room {
    PAXOS("dev.synod.paxos", "java.lang..", "java.util", "java.util.function", "java.util.zip", "java.nio"),
    STATE("dev.synod.state", "dev.synod.paxos", "java.lang..", "java.util", "java.util.function"),
    STORAGE("dev.synod.storage", "dev.synod.paxos", "java..", "javax.crypto.."),
    MEMBER("dev.synod.member", "dev.synod.paxos", "dev.synod.state", "java.lang..", "java.util",
            "java.util.function", "java.util.zip"),
    SIMULATION("dev.synod.simulation..", "dev.synod.paxos", "dev.synod.state", "dev.synod.storage",
            "dev.synod.member", "java..", "com.sun.management");

    /** ArchUnit's pattern for the room's own packages. */
    final String packages;

    /**
     * ArchUnit's patterns for what lies outside and may be used; the compile-time annotations go without
     * saying.
     */
    @SuppressWarnings("ImmutableEnumChecker") // a List.of
    final List<String> doors;

    Room(String packages, String... doors) {
        this.packages = packages;
        this.doors = List.of(doors);
    }

    /** The package that all others of this room lie in. */
    String rootPackage() {
        return packages.endsWith("..") ? packages.substring(0, packages.length() - 2) : packages;
    }

    /** The room's compiled main classes. */
    JavaClasses classes() {
        return new ClassFileImporter()
                .withImportOption(Room::isMain)
                .importPackages(rootPackage());
    }

    private static boolean isMain(Location location) {
        return !location.contains("/test-classes/");
    }
}
