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
record Account(List<String> prefix, String owner) {

    /// For root: whoever owns the data already; else ourselves without privileges (a user namespace, in which the files are still ours);
    /// else, where a container forbids namespaces, the user `postgres` or `nobody`.
    static Account fit(Path db) throws IOException {
        if (!Command.run("id", "-u").output().equals("0")) {
            return new Account(List.of(), "");
        }
        if (Files.exists(db) && !Integer.valueOf(0).equals(Files.getAttribute(db, "unix:uid"))) {
            return user(Files.getAttribute(db, "unix:uid").toString(), Files.getAttribute(db, "unix:gid").toString());
        }
        var ourselves = new Account(List.of("unshare", "-U"), "");
        return ourselves.works() ? ourselves : Stream.of("postgres", "nobody")
                .filter(name -> Command.run("id", "-u", name).succeeded())
                .map(name -> user(Command.run("id", "-u", name).output(), Command.run("id", "-g", name).output()))
                .filter(Account::works)
                .findFirst()
                .orElseThrow(() -> new EmbeddedPostgresException(
                        "PostgreSQL refuses to run as root, and neither `unshare -U` nor `setpriv` can run it as someone else here.",
                        "Start Longhaul as an ordinary user, or name a database with spring.datasource.url."));
    }

    private static Account user(String uid, String gid) {
        return new Account(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"), uid + ":" + gid);
    }

    private boolean works() {
        return run("true").succeeded();
    }

    Command run(String... words) {
        return Command.run(Stream.concat(prefix.stream(), Stream.of(words)).toList());
    }

    /// Makes `path` and all below it this account's own.
    void own(Path path) {
        if (!owner.isEmpty()) {
            Command.run("chown", "-R", owner, path.toString());
        }
    }
}
