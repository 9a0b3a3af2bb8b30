/** Tools for tests. */
package org.example.test;

import java.lang.annotation.*;

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Slow {
    /** Seconds it may take. */
    int seconds() default 10;

    String[] tags() default {};

    int MOST = 60;
}

final class SlowTest {
    @Inject
    @Named("clock") private Clock clock;

    @Test @Slow(seconds = 3)
    void waits(@Param final int times) { }

    @Deprecated void broken( {
}
