package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestWindowTest {
    private final RequestWindow window = new RequestWindow();
    private final List<Long> begun = new ArrayList<>();

    @Test
    void acknowledgesNothingAboveTheOldestRequestThatIsNotSettled() {
        begin(3, false);

        window.end(2);

        assertThat(window.ackedBelow(3)).isEqualTo(1);
        window.end(1);
        assertThat(window.ackedBelow(3)).isEqualTo(3);
    }

    @Test
    void neverAcknowledgesTheRequestThatIsSent() {
        begin(1, false);

        assertThat(window.ackedBelow(1)).isEqualTo(1);
    }

    @Test
    void holdsRequestsBackBeforeTheSessionWouldRefuseThem() {
        begin(RequestWindow.SPAN_MAX + 5, false);

        assertThat(begun).hasSize(RequestWindow.SPAN_MAX);
        window.end(1);
        assertThat(begun).hasSize(RequestWindow.SPAN_MAX + 1);
        window.end(3);
        assertThat(begun).hasSize(RequestWindow.SPAN_MAX + 1);
        window.end(2);
        assertThat(begun).hasSize(RequestWindow.SPAN_MAX + 3);
    }

    @Test
    void givesUpTheReplyOfAWaitingRequestRatherThanHoldOthersBack() {
        begin(1, true);

        for (long id = 2; id < 3 * RequestWindow.SPAN_MAX; id++) {
            begin(1, false);
            window.end(id);
        }

        assertThat(begun).hasSize(3 * RequestWindow.SPAN_MAX - 1);
        assertThat(window.isOpen(1)).isFalse();
    }

    private void begin(int count, boolean waits) {
        for (int i = 0; i < count; i++) {
            window.begin(waits, begun::add);
        }
    }
}
