package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Random passwords of the roles, stored in `pgpass` in libpq's format, so that psql can read them.
record PasswordFile(Map<String, String> byRole) {

    static final String SUPERUSER = "postgres";
    static final String OWNER = "longhaul_owner";
    static final String SERVICE = "longhaul_service";
    static final String READER = "longhaul_reader";

    private static final String PREFIX = "127.0.0.1:*:*:";

    Credentials credentials(String role) {
        return new Credentials(role, byRole.get(role));
    }

    /// Keeps the passwords in the file and creates missing ones. A deleted file is harmless, because every start sets
    /// the passwords in the database.
    static PasswordFile loadOrCreate(Path file, String superuserPassword) throws IOException {
        var byRole = new LinkedHashMap<String, String>();
        for (var line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            var roleAndPassword = line.startsWith(PREFIX) ? line.substring(PREFIX.length()).split(":") : new String[0];
            if (roleAndPassword.length == 2) {
                byRole.put(roleAndPassword[0], roleAndPassword[1]);
            }
        }
        for (var role : List.of(OWNER, SERVICE, READER)) {
            byRole.computeIfAbsent(role, _ -> random());
        }
        byRole.put(SUPERUSER, superuserPassword);
        write(file, byRole.entrySet().stream().map(entry -> PREFIX + entry.getKey() + ":" + entry.getValue() + "\n")
                .collect(Collectors.joining()));
        return new PasswordFile(byRole);
    }

    /// 128 bits in hexadecimal: needs no quoting in a URL, in pgpass or in SQL.
    static String random() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Atomic and durable. Readable by the owner only, like every file from `createTempFile`.
    static Path write(Path file, String text) throws IOException {
        var unfinished = Files.createTempFile(file.getParent(), "password-", "");
        Files.writeString(unfinished, text);
        try (var channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
