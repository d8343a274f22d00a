package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.synod.coordination.v1.ElectionEvent;
import dev.synod.coordination.v1.Leader;
import dev.synod.coordination.v1.ObserveElectionResponse;
import dev.synod.coordination.v1.ValueEvent;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final ScriptedSidecar sidecar = new ScriptedSidecar();
    private final SkippingTime time = new SkippingTime();
    private final BlockingQueue<StreamObserver<WatchValuesResponse>> streams = new LinkedBlockingQueue<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ValueListener recorder = new ValueListener() {
        @Override
        public void onChanges(List<ValueChange> changes, long revision) {
            for (ValueChange change : changes) {
                told.add(change.key() + "@" + change.revision() + (change.now().isEmpty() ? " gone" : ""));
            }
        }

        @Override
        public void onProgress(long revision) {
            told.add("progress " + revision);
        }

        @Override
        public void onCompacted(long lowestRevision) {
            told.add("compacted " + lowestRevision);
        }
    };
    private Coordination coordination;

    @BeforeEach
    void connect() {
        for (int i = 0; i < 10; i++) {
            sidecar.watch.next((request, out) -> streams.add(out));
        }
        coordination = sidecar.client().withoutSession().time(time).connect();
    }

    @AfterEach
    void stop() {
        coordination.close();
        sidecar.close();
    }

    @Test
    void goesOnAfterABreakWithoutAGapOrARepeat() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));
        first.onNext(changes(12, put("a/1", 11), put("a/2", 12)));
        await().until(() -> told.size() == 2);

        first.onError(Status.UNAVAILABLE.asRuntimeException());
        StreamObserver<WatchValuesResponse> second = stream();
        second.onNext(begun(12));
        second.onNext(changes(14, put("a/2", 12), put("a/3", 13), deletion("a/1", 14)));

        await().untilAsserted(
                () -> assertThat(told).containsExactly("a/1@11", "a/2@12", "a/3@13", "a/1@14 gone"));
        assertThat(sidecar.watch.requests()).extracting(WatchValuesRequest::getStartRevision)
                .containsExactly(0L, 13L);
    }

    @Test
    void goesOnWhereItBeganWhenItBrokeBeforeAnythingChanged() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));
        first.onNext(WatchValuesResponse.newBuilder().setRevision(10)
                .setBookmark(WatchValuesResponse.Bookmark.getDefaultInstance()).build());
        await().until(() -> told.contains("progress 10"));

        first.onError(Status.UNAVAILABLE.asRuntimeException());
        stream();

        assertThat(sidecar.watch.requests().get(1).getStartRevision()).isEqualTo(11);
    }

    @Test
    void isToldAllThatItMissedInOneLongMessage() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), 1, recorder);
        ByteString half = ByteString.copyFrom(new byte[9 << 20]);

        stream().onNext(changes(2, put("a/1", 1, half), put("a/2", 2, half)));

        await().untilAsserted(() -> assertThat(told).containsExactly("a/1@1", "a/2@2"));
    }

    @Test
    void goesOnWhereItWasWhenItFellTooFarBehind() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));
        first.onNext(changes(12, put("a/1", 12)));
        await().until(() -> told.size() == 1);

        first.onError(ScriptedSidecar.error(Status.Code.RESOURCE_EXHAUSTED, "SLOW_CONSUMER", false, 12));
        stream();

        assertThat(sidecar.watch.requests().get(1).getStartRevision()).isEqualTo(13);
    }

    @Test
    void waitsForARevisionThatLiesAhead() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), 50, recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));
        first.onNext(changes(50, put("a/1", 50)));

        await().untilAsserted(() -> assertThat(told).containsExactly("a/1@50"));
        assertThat(sidecar.watch.requests().get(0).getStartRevision()).isEqualTo(50);
    }

    @Test
    void saysThatTheHistoryIsGoneAndEnds() throws Exception {
        Watch watch = coordination.values().watch(KeyRange.prefix("a/"), 3, recorder);

        stream().onError(ScriptedSidecar.error(Status.Code.OUT_OF_RANGE, "REVISION_COMPACTED", false, 40));

        await().until(() -> told.contains("compacted 40"));
        assertThatThrownBy(() -> watch.ended().join()).hasCauseInstanceOf(CoordinationException.class);
    }

    @Test
    void takesASilentStreamForABrokenOne() throws Exception {
        coordination.values().watch(KeyRange.prefix("a/"), recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));
        first.onNext(WatchValuesResponse.newBuilder().setRevision(10)
                .setBookmark(WatchValuesResponse.Bookmark.getDefaultInstance()).build());
        await().until(() -> told.contains("progress 10"));

        await().until(() -> {
            time.pauseProcess(ResumingStream.SILENCE_NANOS_MAX + 1);
            return streams.peek() != null;
        });

        assertThat(sidecar.watch.requests().get(1).getStartRevision()).isEqualTo(11);
    }

    @Test
    void callsNobodyAfterItWasClosed() throws Exception {
        Watch watch = coordination.values().watch(KeyRange.prefix("a/"), recorder);
        StreamObserver<WatchValuesResponse> first = stream();
        first.onNext(begun(10));

        watch.close();

        await().until(() -> sidecar.watch.cancelled().size() == 1);
        assertThat(watch.ended()).succeedsWithin(java.time.Duration.ofSeconds(20));
        assertThat(told).isEmpty();
    }

    @Test
    void showsWhoLeadsNowAndAfterEachChange() throws Exception {
        List<String> leaders = new CopyOnWriteArrayList<>();
        BlockingQueue<StreamObserver<ObserveElectionResponse>> observers = new LinkedBlockingQueue<>();
        sidecar.observe.next((request, out) -> observers.add(out)).next((request, out) -> observers.add(out));

        coordination.election("e").observe(view -> leaders.add(
                view.leader().map(leader -> leader.claimant().owner()).orElse("nobody")));
        StreamObserver<ObserveElectionResponse> first = observers.poll(20, TimeUnit.SECONDS);
        first.onNext(state("a"));
        first.onNext(ObserveElectionResponse.newBuilder().addEvents(ElectionEvent.newBuilder()
                .setLeft(ElectionEvent.Left.newBuilder().setClaimant(who("a")))).build());
        first.onNext(ObserveElectionResponse.newBuilder().addEvents(ElectionEvent.newBuilder()
                .setElected(Leader.newBuilder().setClaimant(who("b")))).build());
        first.onNext(ObserveElectionResponse.getDefaultInstance());
        await().until(() -> leaders.size() == 3);
        first.onError(Status.UNAVAILABLE.asRuntimeException());
        StreamObserver<ObserveElectionResponse> second = observers.poll(20, TimeUnit.SECONDS);
        second.onNext(state("b"));
        second.onNext(state("c"));

        await().untilAsserted(() -> assertThat(leaders).containsExactly("a", "nobody", "b", "c"));
    }

    private StreamObserver<WatchValuesResponse> stream() throws InterruptedException {
        StreamObserver<WatchValuesResponse> opened = streams.poll(20, TimeUnit.SECONDS);
        assertThat(opened).isNotNull();
        return opened;
    }

    private static WatchValuesResponse begun(long revision) {
        return WatchValuesResponse.newBuilder().setRevision(revision)
                .setCreated(WatchValuesResponse.Created.getDefaultInstance()).build();
    }

    private static WatchValuesResponse changes(long revision, ValueEvent... events) {
        return WatchValuesResponse.newBuilder().setRevision(revision).setChanges(
                WatchValuesResponse.Changes.newBuilder().addAllEvents(List.of(events))).build();
    }

    private static ValueEvent put(String key, long revision) {
        return put(key, revision, ByteString.EMPTY);
    }

    private static ValueEvent put(String key, long revision, ByteString value) {
        return ValueEvent.newBuilder().setPut(dev.synod.coordination.v1.KeyValue.newBuilder()
                .setKey(key).setModRevision(revision).setValue(value)).build();
    }

    private static ValueEvent deletion(String key, long revision) {
        return ValueEvent.newBuilder().setDeletion(
                ValueEvent.Deletion.newBuilder().setKey(key).setRevision(revision)).build();
    }

    private static ObserveElectionResponse state(String leader) {
        return ObserveElectionResponse.newBuilder().setState(dev.synod.coordination.v1.Election.newBuilder()
                .setName("e").setLeader(Leader.newBuilder().setClaimant(who(leader)))).build();
    }

    private static dev.synod.coordination.v1.Claimant who(String owner) {
        return dev.synod.coordination.v1.Claimant.newBuilder().setSessionId(1).setOwnerId(owner).build();
    }
}
