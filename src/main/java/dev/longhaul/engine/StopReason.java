package dev.longhaul.engine;

/// Why a run shall end before its task is done, the most urgent last.
enum StopReason { PAUSE, LEAVE_AT_CHECKPOINT, RELEASE, CANCEL, TIMEOUT, STALLED, DEADLINE, LEASE_LOST }
