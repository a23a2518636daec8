package dev.longhaul.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A shell that starts PostgreSQL and outlives the service by a moment: when its pipe from the JVM ends without the
/// word `done`, the JVM died, and it shuts the server down.
///
/// It starts the server itself, so there is no instant at which the server runs unguarded. `pg_ctl` gives the server a
/// session of its own, so a Ctrl-C in the terminal does not reach it; it reaches the guard, which does not listen to
/// it.
final class Watchdog {

    /// Arguments: data directory, log, server options, then the words of pg_ctl. Prints the server's pid when it
    /// accepts connections. Signals that pid only while it is still the one in postmaster.pid, for the next service may
    /// already have started its own, and still a PostgreSQL on our data, for a server that died long ago may have left
    /// its pid to a stranger. 600 s: how long a recovery after a crash may take.
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            db=$1; log=$2; options=$3; shift 3
            "$@" start -s -w -t 600 -D "$db" -l "$log" -o "$options" </dev/null >/dev/null || exit 1
            read -r pid <"$db/postmaster.pid" && echo "$pid" || exit 1
            while read -r word; do
                if [ "$word" = done ]; then exit 0; fi
            done
            read -r now <"$db/postmaster.pid" && [ "$now" = "$pid" ] || exit 0
            case $( { tr '\\0' ' ' <"/proc/$pid/cmdline" || ps -o args= -p "$pid"; } 2>/dev/null) in
                *postgres*"$db"*) kill -INT "$pid" ;;
            esac
            """;

    private final Process shell;
    private final Postmaster postmaster;

    private Watchdog(Process shell, Postmaster postmaster) {
        this.shell = shell;
        this.postmaster = postmaster;
    }

    /// Empty when the server did not come up; `log` says why.
    static Optional<Watchdog> start(PostgresBinaries binaries, OsUser account, Path db, Path log, String options)
            throws IOException {
        var words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "longhaul-guard", db.toString(), log.toString(),
                options));
        words.addAll(account.prefix());
        words.add(binaries.program("pg_ctl").toString());
        var builder = new ProcessBuilder(words).directory(new File("/"))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LC_ALL", "C");
        var shell = builder.start();
        var pid = shell.inputReader().readLine();
        return pid == null
                ? Optional.empty() : Optional.of(new Watchdog(shell, new Postmaster(Long.parseLong(pid), db)));
    }

    Postmaster postmaster() {
        return postmaster;
    }

    long pid() {
        return shell.pid();
    }

    /// Stops the server, then the guard.
    void stopServer() {
        postmaster.stop();
        try (var words = shell.outputWriter()) {
            words.write("done\n");
        } catch (IOException alreadyGone) {
            return;
        }
        shell.onExit().join();
    }
}
