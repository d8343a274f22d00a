package dev.synod.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.synod.client.Coordination;
import dev.synod.client.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Tag("whole")
@Timeout(120)
final class SynodExtensionTest {
    private static final List<TestCluster> SEEN = new ArrayList<>();

    private static EngineExecutionResults run(Class<?> tests) {
        SEEN.clear();
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
    }

    /** All tests passed, and what was started is closed. */
    private static void passed(Class<?> tests, int count, int clusters) {
        EngineExecutionResults results = run(tests);
        results.testEvents().assertStatistics(figures -> figures.started(count).succeeded(count));
        results.containerEvents().assertStatistics(figures -> figures.failed(0));
        assertThat(SEEN).hasSize(count);
        assertThat(new HashSet<>(SEEN)).hasSize(clusters).allSatisfy(one -> assertThatThrownBy(one::leader)
                .hasMessage("this cluster is closed"));
    }

    @Test
    void inAStaticFieldItIsOneForTheClassAndForThoseNestedInIt() {
        passed(InStaticField.class, 3, 1);
    }

    static final class InStaticField {
        @RegisterExtension static final SynodExtension synod = SynodExtension.members(1);

        @Test
        void one(TestCluster cluster) {
            SEEN.add(cluster);
        }

        @Test
        void other() {
            SEEN.add(synod.cluster());
        }

        @Nested
        final class Inner {
            @Test
            void third(TestCluster cluster) {
                SEEN.add(cluster);
            }
        }
    }

    @Test
    void inAFieldOfTheInstanceItIsOneForEachTest() {
        passed(InInstanceField.class, 2, 2);
    }

    static final class InInstanceField {
        @RegisterExtension final SynodExtension synod = SynodExtension.members(1);

        @Test
        void one() {
            SEEN.add(synod.cluster());
        }

        @Test
        void other(TestCluster cluster) {
            SEEN.add(cluster);
        }
    }

    @Test
    void twoExtensionsHaveAClusterEach() {
        EngineExecutionResults results = run(Two.class);
        results.testEvents().assertStatistics(figures -> figures.started(1).succeeded(1));
    }

    static final class Two {
        @RegisterExtension static final SynodExtension here = SynodExtension.members(3);
        @RegisterExtension static final SynodExtension there = SynodExtension.members(1);

        @Test
        void knowNothingOfEachOther() {
            try (Coordination a = here.cluster().connect(0); Coordination b = there.cluster().connect(0)) {
                a.values().put("a", Value.of("1"));
                assertThat(b.values().get("a")).isEmpty();
                assertThat(here.cluster().size() + there.cluster().size()).isEqualTo(4);
            }
        }
    }

    @Test
    void theAnnotationSaysHowManyAndItIsInjectedWhereItIsAskedFor() {
        passed(Annotated.class, 1, 1);
    }

    @SynodTest(members = 3)
    static final class Annotated {
        private final TestCluster fromConstructor;
        private TestCluster fromBefore;

        Annotated(TestCluster cluster) {
            fromConstructor = cluster;
            fromBefore = cluster;
        }

        @BeforeEach
        void before(TestCluster cluster) {
            fromBefore = cluster;
        }

        @Test
        void isTheSameEverywhere(TestCluster cluster) {
            SEEN.add(cluster);
            assertThat(cluster).isSameAs(fromConstructor).isSameAs(fromBefore);
            assertThat(cluster.size()).isEqualTo(3);
        }
    }

    @Test
    void whatATestDidToMembersIsUndoneForTheNext() {
        passed(Breaking.class, 2, 1);
    }

    @SynodTest(members = 3)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static final class Breaking {
        @Test
        @Order(1)
        void breaks(TestCluster cluster) {
            SEEN.add(cluster);
            cluster.member(0).kill();
            cluster.member(1).pause();
            cluster.member(2).partition();
        }

        @Test
        @Order(2)
        void findsThemWhole(TestCluster cluster) {
            SEEN.add(cluster);
            assertThat(cluster.leader()).isNotNull();
            assertThat(cluster.members()).allMatch(one -> one.state() == TestMember.State.RUNNING)
                    .noneMatch(TestMember::isPartitioned);
        }
    }

    @Test
    void aTestFailsWhenAMemberHalts() {
        run(Halting.class).testEvents().failed()
                .assertEventsMatchExactly(event(finishedWithFailure(instanceOf(MemberHalted.class))));
    }

    static final class Halting {
        @RegisterExtension final SynodExtension synod = SynodExtension.members(1);

        @Test
        void passesButForThat() throws Exception {
            TestClusterTest.breakTheDisk(synod.cluster());
        }
    }

    @Test
    void aSizeThatIsNotAllowedFailsTheClassAndSaysWhatIs() {
        run(TooMany.class).containerEvents().failed().assertEventsMatchExactly(event(finishedWithFailure(
                message("a cluster of 9 members: allowed is 1 to 3; take 1 for most tests, or 3 to see it"
                        + " survive the loss of a member"))));
        assertThat(SEEN).isEmpty();
    }

    @SynodTest(members = 9)
    static final class TooMany {
        @Test
        void neverRuns(TestCluster cluster) {
            SEEN.add(cluster);
        }
    }

    @Test
    void anExtensionThatJUnitDoesNotKnowSaysSo() {
        assertThatThrownBy(SynodExtension.members(1)::cluster).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension");
    }
}
