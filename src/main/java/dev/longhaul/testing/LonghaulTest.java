package dev.longhaul.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Beside `@SpringBootTest`: the test gets a bean [LonghaulTester], and a new database of an embedded PostgreSQL unless
/// it names one, as a container with `@ServiceConnection` does.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface LonghaulTest {

    /// False: the test names its database.
    boolean database() default true;
}
