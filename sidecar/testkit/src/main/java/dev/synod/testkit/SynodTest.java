package dev.synod.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a test class: one cluster for all its tests, given to whatever of them has a parameter of type {@link
 * TestCluster}. As {@link SynodExtension} does in a static field.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(SynodExtension.class)
public @interface SynodTest {
    /** How many members: 1 to 3. */
    int members() default 1;
}
