package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import org.junit.jupiter.api.Test;

final class MisdirectionTest {
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(16 << 10);
    private static final Ballot BALLOT = new Ballot(0, 1, 1);

    /** Record headers, the payload's kind and length, and the COMMIT around a command. */
    private static final int BATCH_OVERHEAD_BYTES = 36 + 5 + 56;

    private static int endOfLog(SimDisk disk) {
        String newest = "";
        for (String name : disk.list()) {
            newest = name.endsWith(".wal") ? name : newest;
        }
        byte[] bytes = disk.bytes(newest);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end + 7 & ~7;
    }

    private static WalRecord entry(long index, int batchBytes) {
        byte[] body = new byte[batchBytes - BATCH_OVERHEAD_BYTES];
        return new WalRecord.Appended(new Entry(index, BALLOT, new Payload.Command(Bytes.of(body))));
    }

    /**
     * An entry fills a page of the log exactly, a promise begins the next one, and is written over some other
     * page. It is as whole there as the entry was: only its place tells that it does not belong.
     */
    static void aPromiseWrittenOverAnything(Defects defects) throws DiskFullException {
        int overEntry = 0;
        for (long seed = 0; seed < 300; seed++) {
            SimDisk disk = new SimDisk(new SeededRandom(seed), 1 << 24);
            MemberHistory history = new MemberHistory(new SeededRandom(1), 100);
            VolumeRun run = new VolumeRun(new SeededRandom(2), disk, defects, LIMITS, history);
            run.start();
            run.write(history.of(new WalRecord.Adopted(BALLOT, 0, 0)));
            run.write(history.of(entry(1, SimDisk.PAGE_BYTES - endOfLog(disk))));
            assertThat(endOfLog(disk)).isEqualTo(SimDisk.PAGE_BYTES);
            run.write(history.of(entry(2, SimDisk.PAGE_BYTES)));
            assertThat(endOfLog(disk)).isEqualTo(2 * SimDisk.PAGE_BYTES);
            disk.order(DiskFault.MISDIRECTED, 1);
            run.write(history.of(new WalRecord.Promised(new Ballot(0, 2, 2))));
            disk.powerCut();
            Volume volume = Volume.open(disk, defects, LIMITS);
            if (volume.fault() != null) {
                continue;
            }
            Recovered recovered = volume.recover(1);
            assertThat(recovered.fault() != null || VolumeRun.equal(recovered, history.state()))
                    .as("run %d: %s", seed, recovered)
                    .isTrue();
            overEntry++;
        }
        assertThat(overEntry).isPositive();
    }

    @Test
    void aMisdirectedPromiseNeverTakesThePlaceOfAnEntry() throws DiskFullException {
        aPromiseWrittenOverAnything(Defects.NONE);
    }
}
