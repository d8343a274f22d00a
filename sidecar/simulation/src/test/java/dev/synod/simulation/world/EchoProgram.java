package dev.synod.simulation.world;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Member;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.DiskFile;
import dev.synod.storage.VolumeState;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A program for testing the world: whoever is asked sends the request to all voters, each writes it down and
 * says so, and a majority makes an answer. It keeps no promise worth checking.
 */
final class EchoProgram implements Program {
    /** Length of a client's last request, by which a member learns that it is to lead. */
    static final int LAST_BYTES = 17;

    static final byte ECHO = 0;
    static final byte ACK = 1;
    static final byte BEAT = 2;

    private static final String IDENTITY = "identity";
    private static final String LOG = "log";

    private final Machine machine;
    private final Knobs knobs;
    private final EchoView view = new EchoView();
    private final TreeMap<Long, Asked> asked = new TreeMap<>();
    private @Nullable DiskFile log;
    private long logBytes;
    private long ids;

    private static final class Asked {
        final long client;
        final long request;
        int votes;

        Asked(long client, long request) {
            this.client = client;
            this.request = request;
        }
    }

    EchoProgram(Machine machine, Knobs knobs) {
        this.machine = machine;
        this.knobs = knobs;
    }

    @Override
    public void start() {
        try {
            if (machine.disk().list().contains(IDENTITY)) {
                readIdentity();
                openLog();
                machine.wakeAt(machine.nowNanos() + knobs.get(Knob.HEARTBEAT));
            }
        } catch (IOException | MalformedException e) {
            machine.halt("cannot start: " + e.getMessage());
        }
    }

    private void readIdentity() throws IOException {
        try (DiskFile file = machine.disk().open(IDENTITY)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(0, bytes, 0, bytes.length);
            ByteReader reader = new ByteReader(bytes);
            view.volume = reader.readBoolean() ? VolumeState.ACTIVATED : VolumeState.FORMATTED;
            view.cluster = reader.readUuid();
            view.member = reader.readUuid();
            TreeMap<Integer, UUID> voters = new TreeMap<>();
            for (int left = reader.readCount(16); left > 0; left--) {
                voters.put(voters.size(), reader.readUuid());
            }
            view.configuration = configuration(List.copyOf(voters.values()));
        }
    }

    private static Configuration configuration(List<UUID> voters) {
        return voters.isEmpty()
                ? Configuration.NONE
                : Configuration.initial(voters, voters.stream().map(UUID::toString).toList());
    }

    private void writeIdentity() {
        ByteWriter writer = new ByteWriter(256);
        writer.writeBoolean(view.volume == VolumeState.ACTIVATED);
        writer.writeUuid(Objects.requireNonNull(view.cluster()));
        writer.writeUuid(Objects.requireNonNull(view.member()));
        writer.writeNaturalInt(view.configuration.voters().size());
        for (Member voter : view.configuration.voters()) {
            writer.writeUuid(voter.uuid());
        }
        try {
            if (machine.disk().list().contains("new")) {
                machine.disk().delete("new");
            }
            DiskFile file = machine.disk().create("new");
            file.write(0, writer.array(), 0, writer.size());
            file.sync();
            file.close();
            machine.disk().rename("new", IDENTITY);
            machine.disk().syncDirectory();
        } catch (IOException e) {
            machine.halt("cannot write the identity: " + e.getMessage());
        }
    }

    private void openLog() throws IOException {
        log = machine.disk().list().contains(LOG) ? machine.disk().open(LOG) : machine.disk().create(LOG);
        logBytes = log.size() % 4096; // a ring is enough for a log that nobody reads
    }

    @Override
    public void received(UUID from, byte[] frame) {
        if (frame.length < 9 || view.volume == VolumeState.EMPTY) {
            return;
        }
        ByteReader reader = new ByteReader(frame);
        int type = reader.readByte();
        long id = reader.readLong();
        if (type == ECHO) {
            machine.onDiskThread(DiskWork.SYNC, () -> {
                append(frame);
                machine.send(from, message(ACK, id), false);
            });
        } else if (type == ACK) {
            vote(id);
        }
    }

    private void append(byte[] bytes) {
        DiskFile file = log;
        try {
            if (file != null) {
                file.write(logBytes, bytes, 0, bytes.length);
                file.sync();
                logBytes = (logBytes + bytes.length) % 4096;
            }
        } catch (IOException e) {
            machine.halt("cannot write: " + e.getMessage());
        }
        machine.count("appended");
    }

    private void vote(long id) {
        Asked waiting = asked.get(id);
        if (waiting != null && ++waiting.votes > view.configuration.voters().size() / 2) {
            asked.remove(id);
            machine.reply(waiting.client, waiting.request, new byte[] {1});
        }
    }

    private static byte[] message(byte type, long id) {
        ByteWriter writer = new ByteWriter(9);
        writer.writeByte(type);
        writer.writeLong(id);
        return writer.toArray();
    }

    private void broadcast(byte[] frame) {
        for (Member voter : view.configuration.voters()) {
            if (!voter.uuid().equals(view.member)) {
                machine.send(voter.uuid(), frame, false);
            }
        }
    }

    @Override
    public void linkClosed(UUID peer) {
        machine.count("link closed");
    }

    @Override
    public void wake() {
        if (!machine.buggify("skipped-beat")) {
            broadcast(message(BEAT, 0));
        }
        machine.wakeAt(machine.nowNanos() + knobs.get(Knob.HEARTBEAT));
    }

    @Override
    public void request(long client, long request, byte[] body) {
        if (view.volume != VolumeState.ACTIVATED || view.configuration.voters().isEmpty()) {
            machine.reply(client, request, new byte[] {0});
            return;
        }
        view.leads |= body.length == LAST_BYTES;
        long id = ++ids;
        asked.put(id, new Asked(client, request));
        byte[] frame = message(ECHO, id);
        broadcast(frame);
        machine.onDiskThread(DiskWork.SYNC, () -> {
            append(frame);
            vote(id);
        });
    }

    @Override
    public void admin(long id, Admin command) {
        switch (command) {
            case Admin.Format format -> format(id, format);
            case Admin.Activate activate -> {
                if (view.volume == VolumeState.FORMATTED) {
                    view.volume = VolumeState.ACTIVATED;
                    writeIdentity();
                }
                machine.answer(id, new AdminOutcome.Done());
            }
            case Admin.Status status ->
                    machine.answer(id, status());
            case Admin.Reconfigure reconfigure -> machine.answer(id, new AdminOutcome.Refused("not here"));
            case Admin.AddObserver add -> machine.answer(id, new AdminOutcome.Refused("not here"));
            case Admin.RemoveObserver remove -> machine.answer(id, new AdminOutcome.Refused("not here"));
            case Admin.TransferTo transfer -> machine.answer(id, new AdminOutcome.Done());
        }
    }

    private AdminOutcome status() {
        return view.configuration.voters().isEmpty()
                ? new AdminOutcome.TryLater("knows no cluster")
                : new AdminOutcome.Status(view.configuration, 0, true, view.member);
    }

    private void format(long id, Admin.Format format) {
        if (view.volume == VolumeState.EMPTY) {
            view.volume = format.joining() ? VolumeState.ACTIVATED : VolumeState.FORMATTED;
            view.cluster = format.cluster();
            view.member = format.uuid();
            view.configuration = format.configuration();
            try {
                writeIdentity();
                openLog();
            } catch (IOException e) {
                machine.halt("cannot format: " + e.getMessage());
            }
            machine.wakeAt(machine.nowNanos() + knobs.get(Knob.HEARTBEAT));
        }
        machine.answer(id, new AdminOutcome.Done());
    }

    @Override
    public ProgramView view() {
        return view;
    }
}
