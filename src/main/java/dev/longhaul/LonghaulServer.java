package dev.longhaul;

import dev.longhaul.cli.LonghaulCommand;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import sun.misc.Signal;

/// The service: one process with all interfaces and the engine. It is the command line if the first argument is a
/// command.
@SpringBootApplication
@ConfigurationPropertiesScan
public class LonghaulServer {

    public static void main(String[] args) {
        speakEnglish();
        var isServer = args.length > 0 && args[0].equals("server");
        if (!isServer && LonghaulCommand.isFor(args)) {
            System.exit(LonghaulCommand.run(args));
        }
        Signal.handle(new Signal("TERM"), _ -> System.exit(0));   // a stop on request is no failure
        giveVirtualThreadsRoom();
        trustUsedConnections();
        SpringApplication.run(LonghaulServer.class, isServer ? Arrays.copyOfRange(args, 1, args.length) : args);
    }

    /// Messages of libraries and numbers in texts follow the default locale, and Longhaul's own texts are English.
    private static void speakEnglish() {
        Locale.setDefault(Locale.ENGLISH);
    }

    /// Tasks and requests share the virtual threads' carriers, one per core by default: on two cores, two tasks that
    /// only compute would leave no request an answer. With more carriers than cores the operating system shares the
    /// cores out.
    private static void giveVirtualThreadsRoom() {
        var property = "jdk.virtualThreadScheduler.parallelism";
        if (System.getProperty(property) == null) {
            System.setProperty(property, String.valueOf(Math.max(32, 4 * Runtime.getRuntime().availableProcessors())));
        }
    }

    /// The pool asks a connection whether it is alive unless it was used a moment before, by default half a second. On
    /// an idle node, which looks around every five seconds, that was every other statement.
    private static void trustUsedConnections() {
        var property = "com.zaxxer.hikari.aliveBypassWindowMs";
        if (System.getProperty(property) == null) {
            System.setProperty(property, "6000");
        }
    }
}
