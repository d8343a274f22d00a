package dev.synod.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs a {@link TestCluster} for tests of JUnit 5.13 and later. In a static field there is one for all tests
 * of the class and of those nested in it, in another field one for each test:
 *
 * {@snippet :
 * @RegisterExtension
 * static final SynodExtension synod = SynodExtension.members(3);
 *
 * @Test
 * void onlyOneWorks(TestCluster cluster) { … } // or synod.cluster()
 * }
 *
 * <p>After each test it fails if a member halted, and mends what was done to members, so that the next one
 * finds them whole; locks, values and sessions stay as they are. At the end it closes the cluster.
 */
public final class SynodExtension
        implements
            BeforeAllCallback,
            BeforeEachCallback,
            AfterEachCallback,
            ParameterResolver {
    private static final String CLUSTER = "cluster";

    private final Namespace namespace = Namespace.create(SynodExtension.class, this);
    private final int size;
    private volatile @Nullable TestCluster latest;

    /** For {@link SynodTest}, which knows the size. */
    SynodExtension() {
        this(0);
    }

    private SynodExtension(int size) {
        this.size = size;
    }

    /**
     * For a field with {@code @RegisterExtension}.
     *
     * @param size as of {@link TestCluster#start}
     * @throws IllegalArgumentException when it is not 1 to 3
     */
    public static SynodExtension members(int size) {
        TestCluster.checkSize(size);
        return new SynodExtension(size);
    }

    /**
     * The cluster of the class, or of the test that runs.
     *
     * @throws IllegalStateException when none was started yet
     */
    public TestCluster cluster() {
        TestCluster started = latest;
        if (started == null) {
            throw new IllegalStateException("no cluster runs yet: JUnit starts it before the class (static"
                    + " field) or before each test (other field), if the field has @RegisterExtension");
        }
        return started;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        started(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        started(context);
    }

    /** The one of this context or of one around it, else a new one, which JUnit closes with this context. */
    private TestCluster started(ExtensionContext context) {
        Store store = context.getStore(namespace);
        TestCluster cluster = store.get(CLUSTER, TestCluster.class);
        if (cluster == null) {
            cluster = TestCluster.start(sizeFor(context));
            store.put(CLUSTER, cluster);
        }
        latest = cluster;
        return cluster;
    }

    private int sizeFor(ExtensionContext context) {
        return size > 0
                ? size
                : AnnotationSupport.findAnnotation(context.getRequiredTestClass(), SynodTest.class)
                        .map(SynodTest::members).orElse(1);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestCluster cluster = context.getStore(namespace).get(CLUSTER, TestCluster.class);
        if (cluster != null) {
            cluster.check();
            cluster.mend();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return started(context);
    }
}
