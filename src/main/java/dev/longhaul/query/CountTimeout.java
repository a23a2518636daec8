package dev.longhaul.query;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;

/// A count of the operations that a filter finds did not end in time.
public class CountTimeout extends QueryTimeoutException {

    CountTimeout(@Nullable Throwable cause) {
        super("the filter finds too many operations to count within the statement timeout; expected a narrower one, "
                + "e.g. with created>-24h", cause);
    }
}
