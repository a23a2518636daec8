/// Integrity and retention of the history: a hash chain makes changes detectable, and old days are deleted.
///
/// Two loops, each on one node at a time:
///
/// | loop | every | does |
/// |---|---|---|
/// | [ChainLoop] | 10 s | adds new history entries to the hash chains; creates and signs an anchor once a day |
/// | [RetentionLoop] | 1 h, if a retention is set | exports old days ([ExportTask]), then deletes them |
///
/// A day is deleted as a whole: operations to retain are moved to the default partitions, and the day's partitions are
/// dropped in the same transaction. Retained are unfinished and held operations, and failed ones until their own limit.
/// A day whose export fails is not deleted.
///
/// The database computes the chain digests; the service only triggers it. docs/audit.md states what they prove.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live"})
package dev.longhaul.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
