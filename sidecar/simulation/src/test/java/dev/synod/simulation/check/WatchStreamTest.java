package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.simulation.check.WatchStream.Change;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WatchStreamTest {
    private static final Change A2 = new Change(2, "a", "x");
    private static final Change A4 = new Change(4, "a", "y");
    private static final Change B4 = new Change(4, "b", "y");
    private static final Change Z5 = new Change(5, "z", "not watched");
    private static final Change A7 = new Change(7, "a", "deleted");

    private final TreeMap<Long, List<Change>> truth = new TreeMap<>();

    WatchStreamTest() {
        truth.put(2L, List.of(A2));
        truth.put(4L, List.of(A4, B4));
        truth.put(5L, List.of(Z5));
        truth.put(7L, List.of(A7));
    }

    private WatchStream from(long revision) {
        return new WatchStream("watch", truth, key -> !key.equals("z"), revision);
    }

    private WatchStream begun(long from) {
        WatchStream stream = from(from);
        stream.started(3);
        return stream;
    }

    @Test
    void changesInOrderAreFine() {
        WatchStream stream = begun(2);
        stream.changes(4, List.of(A2, A4, B4));
        stream.bookmark(6);
        stream.changes(7, List.of(A7));
        stream.ended();
        assertThat(stream.position()).isEqualTo(7);
    }

    @Test
    void fromNowOnLeavesOutWhatWas() {
        WatchStream stream = begun(0);
        stream.changes(4, List.of(A4, B4));
        assertThat(stream.position()).isEqualTo(4);
    }

    @Test
    void aGapIsFound() {
        WatchStream stream = begun(2);
        assertThatThrownBy(() -> stream.changes(4, List.of(A4, B4))).hasMessageContaining("was not told");
    }

    @Test
    void aGapBehindTheLastChangeIsFound() {
        WatchStream stream = begun(2);
        assertThatThrownBy(() -> stream.changes(4, List.of(A2))).hasMessageContaining("was not told");
    }

    @Test
    void aRepetitionIsFound() {
        WatchStream stream = begun(2);
        stream.changes(2, List.of(A2));
        assertThatThrownBy(() -> stream.changes(4, List.of(A2, A4, B4))).hasMessageContaining("after 2");
    }

    @Test
    void halfARevisionIsFound() {
        WatchStream stream = begun(0);
        assertThatThrownBy(() -> stream.changes(4, List.of(A4))).hasMessageContaining("but it was");
    }

    @Test
    void aBookmarkAheadOfWhatWasNotToldIsFound() {
        WatchStream stream = begun(0);
        assertThatThrownBy(() -> stream.bookmark(4)).hasMessageContaining("was not told");
    }

    @Test
    void aBookmarkThatGoesBackIsFound() {
        WatchStream stream = begun(0);
        stream.changes(4, List.of(A4, B4));
        stream.bookmark(6);
        assertThatThrownBy(() -> stream.bookmark(5)).hasMessageContaining("went back");
    }

    @Test
    void nothingComesBeforeTheBeginningOrAfterTheEnd() {
        assertThatThrownBy(() -> from(2).bookmark(1)).hasMessageContaining("too early");
        WatchStream stream = begun(2);
        stream.ended();
        assertThatThrownBy(() -> stream.bookmark(1)).hasMessageContaining("after its end");
    }

    @Test
    void aWatchFromAheadIsToldNothingOlder() {
        WatchStream stream = begun(5);
        stream.bookmark(3);
        assertThat(stream.position()).isEqualTo(4);
        assertThatThrownBy(() -> stream.changes(4, List.of(A4, B4))).hasMessageContaining("after 4");
    }
}
