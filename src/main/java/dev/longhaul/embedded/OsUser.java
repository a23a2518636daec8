package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// As whom PostgreSQL runs. It refuses root, because a database should not own the machine it runs on.
///
/// @param prefix words put before a command so that it runs as this account; none when we are an ordinary user
/// @param owner  who must own its files, `uid:gid`; empty when that is whoever we are
record OsUser(List<String> prefix, String owner) {

    /// For root: whoever owns the data already; else ourselves without privileges (a user namespace, in which the files
    /// are still ours); else, where a container forbids namespaces, the user `postgres` or `nobody`.
    static OsUser fit(Path db) throws IOException {
        if (!FinishedProcess.run("id", "-u").output().equals("0")) {
            return new OsUser(List.of(), "");
        }
        if (Files.exists(db) && !Integer.valueOf(0).equals(Files.getAttribute(db, "unix:uid"))) {
            return user(Files.getAttribute(db, "unix:uid").toString(), Files.getAttribute(db, "unix:gid").toString());
        }
        var ourselves = new OsUser(List.of("unshare", "-U"), "");
        return ourselves.works() ? ourselves : Stream.of("postgres", "nobody")
                .filter(name -> FinishedProcess.run("id", "-u", name).succeeded())
                .map(name -> user(FinishedProcess.run("id", "-u", name).output(), FinishedProcess.run("id", "-g", name)
                        .output()))
                .filter(OsUser::works)
                .findFirst()
                .orElseThrow(() -> new EmbeddedPostgresException(
                        "PostgreSQL refuses to run as root, and neither `unshare -U` nor `setpriv` can run it as "
                        + "someone else here.",
                        "Start Longhaul as an ordinary user, or name a database with spring.datasource.url."));
    }

    private static OsUser user(String uid, String gid) {
        return new OsUser(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"), uid + ":" + gid);
    }

    private boolean works() {
        return run("true").succeeded();
    }

    FinishedProcess run(String... words) {
        return FinishedProcess.run(Stream.concat(prefix.stream(), Stream.of(words)).toList());
    }

    /// Makes `path` and all below it this account's own.
    void own(Path path) {
        if (!owner.isEmpty()) {
            FinishedProcess.run("chown", "-R", owner, path.toString());
        }
    }
}
