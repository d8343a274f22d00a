package dev.synod.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.member.PeerMessage.SessionRef;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.SeededRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Frames between members beside the protocol. */
final class PeerCodecTest {
    private static final UUID CLUSTER = new UUID(1, 2);
    private static final UUID FROM = new UUID(3, 4);
    private static final UUID TO = new UUID(5, 6);

    private static final List<PeerMessage> ONE_OF_EACH = List.of(
            new PeerMessage.Forward(1, 7, new Ballot(1, 2, 3),
                    List.of(Bytes.of(new byte[] {1, 2}), Bytes.EMPTY)),
            new PeerMessage.Forwarded(2, List.of(
                    new PeerMessage.Outcome(7, 8, 9, Bytes.of(new byte[] {4}), null, false),
                    new PeerMessage.Outcome(8, 0, 0, Bytes.EMPTY, Failure.BUSY, true))),
            new PeerMessage.Renew(3, 10, List.of(new SessionRef(1, 2), new SessionRef(3, 4))),
            new PeerMessage.Renewed(4, 10, List.of(3L)),
            new PeerMessage.Departed(List.of(new SessionRef(5, 6))),
            new PeerMessage.Digest(1, 1_024, -1));

    private static byte[] frame(PeerMessage message) {
        return PeerCodec.encode(new PeerCodec.Framed(CLUSTER, FROM, TO, message));
    }

    @Test
    void everyMessageComesBackAsItWas() {
        for (PeerMessage message : ONE_OF_EACH) {
            assertThat(PeerCodec.decode(frame(message)))
                    .isEqualTo(new PeerCodec.Framed(CLUSTER, FROM, TO, message));
        }
        assertThat(ONE_OF_EACH).hasSize(PeerCodec.TYPES.size());
    }

    @Test
    void aDamagedOrCutFrameIsNoMessage() {
        for (PeerMessage message : ONE_OF_EACH) {
            byte[] frame = frame(message);
            for (int i = 0; i < frame.length; i++) {
                byte[] damaged = frame.clone();
                damaged[i] ^= 0x10;
                assertThat(PeerCodec.decode(damaged)).isNull();
                assertThat(PeerCodec.decode(java.util.Arrays.copyOf(frame, i))).isNull();
            }
        }
    }

    @Test
    void aFrameOfAnythingIsNeverTrusted() {
        SeededRandom random = new SeededRandom(1);
        for (int run = 0; run < 20_000; run++) {
            byte[] frame = new byte[(int) random.between(56, 120)];
            for (int i = 0; i < frame.length; i++) {
                frame[i] = (byte) random.nextLong();
            }
            frame[0] = 'M';
            frame[1] = 1;
            frame[2] = (byte) random.below(7);
            assertThat(PeerCodec.decode(PeerCodec.resealed(frame))).satisfies(framed -> {
                if (framed != null) {
                    assertThat(PeerCodec.encode(framed)).hasSize(frame.length);
                }
            });
        }
    }
}
