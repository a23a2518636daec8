/// What is done about the past: it is sealed, so that nobody rewrites it unseen, and it leaves when its time is over.
///
/// Two loops, each on one node at a time, behind the engine's back:
///
/// | loop | every | does |
/// |---|---|---|
/// | [ChainLoop] | 10 s | seals new entries of the history; once a day sums them up in anchors, and signs these |
/// | [RetentionLoop] | 1 h, if settings say for how long operations are kept | has days exported that are old enough ([ExportTask], a task), and takes them out |
///
/// Nothing leaves one by one: a day's partitions are taken out and dropped, after what must stay longer was moved to
/// the default partitions in the same transaction. What is not over, failed not long ago, or is held by somebody stays.
/// Where a day was to be exported and could not be, it stays.
///
/// The database computes the seals; the service only says when. What they prove, and what not, is in docs/audit.md.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live"})
package dev.longhaul.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
