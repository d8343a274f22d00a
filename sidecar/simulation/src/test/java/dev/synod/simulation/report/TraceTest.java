package dev.synod.simulation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Seal;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final Ballot B = new Ballot(0, 3, 2);

    private static byte[] frame(Message message) {
        UUID uuid = new UUID(1, 2);
        return Codec.encode(new Envelope(uuid, uuid, uuid, 1, 1, 0, Seal.NONE, B, B, 14, message));
    }

    private static byte[] accept() {
        return frame(new Message.Accept(
                B,
                1,
                13,
                List.of(new Entry(14, B, new Payload.LeaderStart()),
                        new Entry(15, B, new Payload.RemoveObserver(new UUID(1, 1)))),
                12));
    }

    private static TraceEvent event(
            long step, TraceKind kind, int machine, int peer, byte @Nullable [] frame, String detail) {
        return new TraceEvent(step, 1_234_567_890L + step, kind, machine, peer, 5, frame, detail, null);
    }

    @Test
    void aFrameReadsAsAFewWords() {
        assertThat(FrameText.of(accept()))
                .isEqualTo("Accept 0.3.2 s1 after 13 [14..15 LeaderStart@14 RemoveObserver@15] d12");
        assertThat(FrameText.of(new byte[] {1, 2})).isEqualTo("damaged frame of 2 bytes");
    }

    @Test
    void anEventIsOneLineInColumns() {
        List<String> lines = new ArrayList<>();
        TraceText text = new TraceText(lines::add, body -> "write", false);
        text.record(event(42, TraceKind.SENT, 1, 2, accept(), ""));
        text.record(event(43, TraceKind.WOKEN, 1, -1, null, ""));
        text.record(event(44, TraceKind.INVOKED, 0, -1, new byte[1], ""));
        text.record(event(45, TraceKind.FAULT, -1, -1, null, "5ns KILL target=1"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("    1.234567         42  1").contains("-> m2  Accept 0.3.2");
        assertThat(lines.get(1)).endsWith("INVOKED client 5  write");
        assertThat(lines.get(2)).contains("  -  ").endsWith("!! 5ns KILL target=1");
    }

    @Test
    void allOfItHasTimersToo() {
        List<String> lines = new ArrayList<>();
        new TraceText(lines::add, body -> "", true).record(event(43, TraceKind.WOKEN, 1, -1, null, ""));
        assertThat(lines).hasSize(1);
    }

    @Test
    void aDeliveryIsTiedToItsSending() {
        TimelineRecorder recorder = new TimelineRecorder(body -> "");
        byte[] frame = accept();
        recorder.record(event(1, TraceKind.SENT, 0, 1, frame, ""));
        recorder.record(event(2, TraceKind.SENT, 0, 2, accept(), ""));
        recorder.record(event(3, TraceKind.DELIVERED, 1, 0, frame, ""));
        recorder.record(event(4, TraceKind.DELIVERED, 1, 0, frame, ""));
        assertThat(recorder.rows()).extracting(TimelineRecorder.Row::source).containsExactly(-1L, -1L, 0L,
                0L);
    }

    @Test
    void onlyTheNewestEventsAreKept() {
        TimelineRecorder recorder = new TimelineRecorder(body -> "", 10);
        for (int i = 0; i < 25; i++) {
            recorder.record(event(i, TraceKind.SENT, 0, 1, accept(), ""));
        }
        assertThat(recorder.rows()).hasSize(10);
        assertThat(recorder.rows().getFirst().number()).isEqualTo(15);
        assertThat(recorder.dropped()).isEqualTo(15);
    }

    @Test
    void thePageHoldsEverythingItNeeds() {
        TimelineRecorder recorder = new TimelineRecorder(body -> "");
        recorder.record(event(1, TraceKind.FAULT, 2, -1, null, "</script> is \"quoted\""));
        String page = TimelinePage.of(recorder, "a title", "a summary");
        assertThat(page)
                .contains("\"a title\"")
                .contains("!! \\u003c/script> is \\\"quoted\\\"")
                .doesNotContain("/*DATA*/")
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("src=");
    }
}
