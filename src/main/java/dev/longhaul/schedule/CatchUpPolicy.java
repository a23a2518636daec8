package dev.longhaul.schedule;

import dev.longhaul.operation.LowerCaseEnum;


/// What happens to scheduled runs that fell due while no node was working.
public enum CatchUpPolicy implements LowerCaseEnum {

    /// All are missed.
    SKIP,
    /// The latest one starts late; the earlier ones are missed.
    LATEST,
    /// All start late.
    ALL;

    public static CatchUpPolicy parse(String word) {
        return LowerCaseEnum.parse("catch_up", word, CatchUpPolicy.class);
    }
}
