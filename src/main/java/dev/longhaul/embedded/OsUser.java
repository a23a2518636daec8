package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The operating system user that runs PostgreSQL, which refuses to run as root.
///
/// @param prefix command that switches to the user; empty: no switch
/// @param owner  required owner of the files, `uid:gid`; empty: the current user
record OsUser(List<String> prefix, String owner) {

    /// For root, the first of these that works:
    ///
    /// - the owner of existing data,
    /// - root inside an unprivileged user namespace, where the files keep their owner,
    /// - the user `postgres` or `nobody`, for containers that forbid namespaces.
    static OsUser forDataDirectory(Path db) throws IOException {
        if (!FinishedProcess.run("id", "-u").output().equals("0")) {
            return new OsUser(List.of(), "");
        }
        if (Files.exists(db) && !Integer.valueOf(0).equals(Files.getAttribute(db, "unix:uid"))) {
            return byId(Files.getAttribute(db, "unix:uid").toString(), Files.getAttribute(db, "unix:gid").toString());
        }
        var unprivileged = new OsUser(List.of("unshare", "-U"), "");
        return unprivileged.works() ? unprivileged : Stream.of("postgres", "nobody")
                .filter(name -> FinishedProcess.run("id", "-u", name).succeeded())
                .map(name -> byId(FinishedProcess.run("id", "-u", name).output(), FinishedProcess.run("id", "-g", name)
                        .output()))
                .filter(OsUser::works)
                .findFirst()
                .orElseThrow(() -> new EmbeddedPostgresException(
                        "PostgreSQL refuses to run as root, and neither `unshare -U` nor `setpriv` works.",
                        "Start Longhaul as an ordinary user, or name a database with spring.datasource.url."));
    }

    private static OsUser byId(String uid, String gid) {
        return new OsUser(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"), uid + ":" + gid);
    }

    private boolean works() {
        return run("true").succeeded();
    }

    FinishedProcess run(String... command) {
        return FinishedProcess.run(Stream.concat(prefix.stream(), Stream.of(command)).toList());
    }

    /// Changes the owner of `path` recursively.
    void takeOwnership(Path path) {
        if (!owner.isEmpty()) {
            FinishedProcess.run("chown", "-R", owner, path.toString());
        }
    }
}
