package dev.synod.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads out of class files what they refer to.
 *
 * <p>It reads the constant pool, not the instructions: whatever a class calls, constructs, catches, extends,
 * casts to or hands on as a method reference is named there, so nothing can be used in a way that was not
 * thought of here. What it cannot see is reflection.
 */
final class ClassFileScan {

    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([^;<]+);");
    private static final String ENUM_HASH_CODE =
            "the hash code of an enum is its identity, which differs from run to run";

    private ClassFileScan() {}

    /** One line for each banned use in these classes of a room, sorted. */
    static List<String> violations(Iterable<JavaClass> classes, Room room, List<Ban> bans) {
        List<String> lines = new ArrayList<>();
        for (JavaClass scanned : classes) {
            lines.addAll(violations(bytesOf(scanned), room, bans));
        }
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    /** The same for one class file. */
    static List<String> violations(byte[] classFile, Room room, List<Ban> bans) {
        List<String> lines = new ArrayList<>();
        for (Reference reference : references(ClassFile.of().parse(classFile))) {
            for (Ban ban : bans) {
                if (ban.forbids(reference, room)) {
                    lines.add(line(reference, ban.why()));
                }
            }
            if (reference.member().equals("hashCode") && isOwnEnum(reference.owner())) {
                lines.add(line(reference, ENUM_HASH_CODE));
            }
        }
        return lines;
    }

    private static String line(Reference reference, String why) {
        return reference.from() + " uses " + reference.text() + ": " + why;
    }

    private static boolean isOwnEnum(String name) {
        if (!name.startsWith("dev.synod.")) {
            return false;
        }
        try {
            return Class.forName(name, false, ClassFileScan.class.getClassLoader()).isEnum();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("not on the class path: " + name, e);
        }
    }

    private static Set<Reference> references(ClassModel model) {
        String from = dotted(model.thisClass().asInternalName());
        Set<Reference> found = new LinkedHashSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addType(found, from, type.asInternalName());
                case MemberRefEntry member -> found.add(new Reference(from,
                        dotted(member.owner().asInternalName()), member.name().stringValue()));
                case NameAndTypeEntry named -> addTypes(found, from, named.type().stringValue());
                case MethodTypeEntry type -> addTypes(found, from, type.descriptor().stringValue());
                default -> {}
            }
        }
        model.fields().forEach(field -> addTypes(found, from, field.fieldType().stringValue()));
        model.methods().forEach(method -> addTypes(found, from, method.methodType().stringValue()));
        return found;
    }

    private static void addType(Set<Reference> found, String from, String internalName) {
        if (internalName.startsWith("[")) {
            addTypes(found, from, internalName);
            return;
        }
        found.add(new Reference(from, dotted(internalName), ""));
    }

    private static void addTypes(Set<Reference> found, String from, String descriptor) {
        Matcher types = TYPE_IN_DESCRIPTOR.matcher(descriptor);
        while (types.find()) {
            found.add(new Reference(from, dotted(types.group(1)), ""));
        }
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    private static byte[] bytesOf(JavaClass scanned) {
        Source source = scanned.getSource().orElseThrow();
        try (InputStream in = source.getUri().toURL().openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + source.getUri(), e);
        }
    }
}
