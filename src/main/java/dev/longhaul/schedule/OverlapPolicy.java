package dev.longhaul.schedule;

import dev.longhaul.operation.LowerCaseEnum;


/// What happens to a scheduled run while an earlier operation of the schedule is unfinished.
public enum OverlapPolicy implements LowerCaseEnum {

    /// The run is skipped.
    SKIP,
    /// The operation starts when the earlier ones have finished.
    QUEUE,
    /// The earlier operations are cancelled.
    CANCEL_OLDER,
    /// The operation runs beside the earlier ones.
    ALLOW;

    public static OverlapPolicy parse(String word) {
        return LowerCaseEnum.parse("overlap", word, OverlapPolicy.class);
    }
}
