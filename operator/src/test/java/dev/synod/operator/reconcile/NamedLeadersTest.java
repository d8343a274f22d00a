package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.model.Names;
import org.junit.jupiter.api.Test;

/** When a leader is worth an event. */
final class NamedLeadersTest {
    private static final Names ORDERS = new Names("orders", "shop");

    private final NamedLeaders leaders = new NamedLeaders();

    @Test
    void theSameOneAfterAPassWithoutAQuorumIsNoChange() {
        assertThat(leaders.isAnother(ORDERS, "orders-1", "orders-1")).isFalse();
        assertThat(leaders.isAnother(ORDERS, null, "orders-1")).isFalse();
    }

    @Test
    void anotherOneIsAChangeWhateverWasBetween() {
        assertThat(leaders.isAnother(ORDERS, "orders-1", "orders-1")).isFalse();
        assertThat(leaders.isAnother(ORDERS, null, "orders-2")).isTrue();
        assertThat(leaders.isAnother(ORDERS, "orders-2", "orders-0")).isTrue();
    }

    @Test
    void anOperatorThatTookOverGoesByTheStatus() {
        assertThat(leaders.isAnother(ORDERS, "orders-1", "orders-2")).isTrue();
    }

    @Test
    void theFirstOneOfAllIsNoChange() {
        assertThat(leaders.isAnother(ORDERS, null, "orders-0")).isFalse();
        leaders.forget(ORDERS);
        assertThat(leaders.isAnother(ORDERS, null, "orders-1")).isFalse();
    }
}
