package dev.synod.cli.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.cli.CommandException;
import dev.synod.coordination.v1.Compare;
import dev.synod.coordination.v1.Operation;
import dev.synod.coordination.v1.Relation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TxnTextTest {
    @Test
    void presenceIsAWord() {
        assertThat(TxnText.compare("a/b exists").getExists()).isTrue();
        Compare missing = TxnText.compare("a/b missing");
        assertThat(missing.hasExists()).isTrue();
        assertThat(missing.getExists()).isFalse();
    }

    @Test
    void everyFieldAndRelationIsKnown() {
        assertThat(TxnText.compare("k version > 3").getVersion()).isEqualTo(3);
        assertThat(TxnText.compare("k mod<9").getModRevision()).isEqualTo(9);
        assertThat(TxnText.compare("k create != 0").getRelation()).isEqualTo(Relation.RELATION_NOT_EQUAL);
        assertThat(TxnText.compare("k value = a = b").getValue().toStringUtf8()).isEqualTo("a = b");
    }

    @Test
    void whatIsNoConditionIsRefusedWithWhatIsAllowed() {
        for (String text : List.of("", "k", "k version", "k version = x", "k size = 3")) {
            assertThatThrownBy(() -> TxnText.compare(text))
                    .isInstanceOf(CommandException.class).hasMessageContaining("exists");
        }
    }

    @Test
    void operationsKeepTheirOrder() {
        List<Operation> operations = TxnText.operations(List.of("a=1=2"), List.of("b"), List.of("c"));
        assertThat(operations.getFirst().getPut().getValue().toStringUtf8()).isEqualTo("1=2");
        assertThat(operations.get(1).getDelete().getRange().getKey()).isEqualTo("b");
        assertThat(operations.get(2).getRead().getRange().getKey()).isEqualTo("c");
    }
}
