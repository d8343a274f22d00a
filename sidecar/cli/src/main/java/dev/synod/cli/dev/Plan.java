package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Who belongs to a cluster on this machine, decided once and written down before anything else.
 *
 * @param cluster its identity
 * @param name as shown
 * @param members voters first
 */
record Plan(UUID cluster, String name, List<MemberPlan> members) {
    private static final String HEAD = "synod local cluster 1";

    Plan {
        members = List.copyOf(members);
    }

    /** For a cluster that there never was. */
    static Plan of(ClusterFile file) {
        List<MemberPlan> members = new ArrayList<>();
        for (int i = 0; i < file.voters(); i++) {
            members.add(new MemberPlan("member-" + i, UUID.randomUUID(), true, Ports.ofMember(i)));
        }
        return new Plan(UUID.randomUUID(), file.name(), members).withObservers(file.observers());
    }

    /** The same with as many observers; those there are stay. */
    Plan withObservers(int count) {
        List<MemberPlan> all = new ArrayList<>(members);
        for (int i = all.size() - voters().size(); i < count; i++) {
            all.add(new MemberPlan("observer-" + i, UUID.randomUUID(), false, Ports.ofMember(all.size())));
        }
        return new Plan(cluster, name, all);
    }

    List<MemberPlan> voters() {
        return members.stream().filter(MemberPlan::voter).toList();
    }

    List<MemberPlan> observers() {
        return members.stream().filter(member -> !member.voter()).toList();
    }

    // On disk: one line for the cluster, one for each member.

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        text.append("cluster ").append(cluster).append(' ').append(name).append('\n');
        for (MemberPlan member : members) {
            text.append(member.voter() ? "voter " : "observer ").append(member.id()).append(' ')
                    .append(member.name());
            member.ports().all().forEach(port -> text.append(' ').append(port));
            text.append('\n');
        }
        DurableFile.write(file, text.toString());
    }

    static Plan read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        try {
            if (!lines.getFirst().equals(HEAD)) {
                throw new IllegalArgumentException("it begins with '" + lines.getFirst() + "'");
            }
            String[] cluster = lines.get(1).split(" ", 3);
            List<MemberPlan> members = new ArrayList<>();
            for (String line : lines.subList(2, lines.size())) {
                String[] words = line.split(" ", -1);
                Ports ports = new Ports(Integer.parseInt(words[3]), Integer.parseInt(words[4]),
                        Integer.parseInt(words[5]), Integer.parseInt(words[6]), Integer.parseInt(words[7]));
                members.add(new MemberPlan(words[2], UUID.fromString(words[1]), words[0].equals("voter"),
                        ports));
            }
            return new Plan(UUID.fromString(cluster[1]), cluster[2], members);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CommandException(ExitStatus.DATA, file + " is not what synodctl dev wrote ("
                    + e.getMessage() + "): name another folder", e);
        }
    }
}
