package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    private static final Names NAMES = new Names("orders", "shop");

    @Test
    void everyPlaceIsFoundByItsPodAndByItsAddress() {
        for (int ordinal = 0; ordinal < 64; ordinal++) {
            for (Slot slot : List.of(Slot.voter(ordinal), Slot.observer(ordinal))) {
                assertThat(NAMES.slotOfPod(NAMES.pod(slot))).isEqualTo(slot);
                assertThat(NAMES.slotOfAddress(NAMES.address(slot, 7401))).isEqualTo(slot);
            }
        }
        assertThat(NAMES.address(Slot.observer(11), 7401))
                .isEqualTo("orders-observers-11.orders-peers.shop.svc:7401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders-", "orders-01", "orders-x", "stock-0", "orders-eu-0"})
    void whatIsNoPodOfTheClusterHasNoPlace(String pod) {
        assertThat(NAMES.slotOfPod(pod)).isNull();
    }

    @Test
    void anAddressElsewhereHasNoPlace() {
        assertThat(NAMES.slotOfAddress("orders-0.stock-peers.shop.svc:7401")).isNull();
        assertThat(NAMES.slotOfAddress("127.0.0.1:7401")).isNull();
    }

    @Test
    void whatWasDecidedAtTheBeginningIsReadBack() {
        BootstrapRecord record = new BootstrapRecord(new Observed.Latch(new UUID(1, 2),
                List.of(new UUID(3, 4), new UUID(5, 6)), true), "synod/sidecar:1");
        ConfigMap stored = record.toConfigMap(Clusters.blueprint("voters: {}"));
        assertThat(stored.getMetadata().getName()).isEqualTo("orders-bootstrap");
        assertThat(BootstrapRecord.of(stored)).isEqualTo(record);
    }

    @Test
    void aLatchThatSomebodyChangedIsRefusedWithWhatIsWrong() {
        ConfigMap stored = new BootstrapRecord(new Observed.Latch(new UUID(1, 2), List.of(), true), "i")
                .toConfigMap(Clusters.blueprint("voters: {}"));
        stored.getData().put("initialised", "perhaps");
        assertThatThrownBy(() -> BootstrapRecord.of(stored)).hasMessageContainingAll("initialised",
                "'perhaps'",
                "true or false");
        stored.getData().remove("initialised");
        assertThatThrownBy(() -> BootstrapRecord.of(stored)).hasMessageContaining("missing");
    }
}
