package dev.longhaul.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A shell that starts PostgreSQL and stops it when the service dies. If its pipe from the JVM closes without the line
/// `done`, the JVM has died.
///
/// The shell starts the server itself, so the server never runs unwatched. `pg_ctl` gives the server its own session,
/// so a Ctrl-C in the terminal does not reach it. The shell ignores the signal.
final class Watchdog {

    /// Arguments: data directory, log, server options, the pg_ctl command. Prints the pid of the server when it accepts
    /// connections.
    ///
    /// Signals the pid only while postmaster.pid still names it, because the next service may have started another
    /// server. Also checks that the process is a PostgreSQL on our data, because the pid may have been reused. Crash
    /// recovery may take 600 s.
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            db=$1; log=$2; options=$3; shift 3
            "$@" start -s -w -t 600 -D "$db" -l "$log" -o "$options" </dev/null >/dev/null || exit 1
            read -r pid <"$db/postmaster.pid" && echo "$pid" || exit 1
            while read -r line; do
                if [ "$line" = done ]; then exit 0; fi
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

    /// Empty: the server did not start; `log` states the reason.
    static Optional<Watchdog> start(PostgresBinaries binaries, OsUser osUser, Path db, Path log, String options)
            throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "longhaul-watchdog", db.toString(), log.toString(),
                options));
        command.addAll(osUser.prefix());
        command.add(binaries.program("pg_ctl").toString());
        var builder = new ProcessBuilder(command).directory(new File("/"))
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

    /// Stops the server, then the shell.
    void stopServer() {
        postmaster.stop();
        try (var input = shell.outputWriter()) {
            input.write("done\n");
        } catch (IOException alreadyGone) {
            return;
        }
        shell.onExit().join();
    }
}
