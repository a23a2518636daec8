package dev.longhaul.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/// The unpacked jar with `bin/longhaul` beside it, as in the image.
final class Unpacked {

    private Unpacked() {
    }

    static void into(Path folder) throws IOException {
        Files.copy(Path.of("bin/longhaul"), Files.createDirectory(folder.resolve("bin")).resolve("longhaul")).toFile()
                .setExecutable(true);
        writeJar(folder.resolve("longhaul.jar"));
    }

    /// As `java -Djarmode=tools -jar … extract` makes it: the classes, and a manifest that names the libraries.
    private static void writeJar(Path jar) throws IOException {
        var entries = Arrays.asList(System.getProperty("java.class.path").split(System.getProperty("path.separator")));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "dev.longhaul.LonghaulServer");
        manifest.getMainAttributes()
                .put(Attributes.Name.CLASS_PATH, entries.stream().filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            var classes = Path.of("target/classes");
            try (var files = Files.walk(classes)) {
                for (var file : files.sorted().toList()) {
                    var name = classes.relativize(file).toString().replace('\\', '/');
                    if (!name.isEmpty() && !name.equals("META-INF")) {
                        // component scanning looks for the folders
                        out.putNextEntry(new ZipEntry(Files.isDirectory(file) ? name + "/" : name));
                        if (Files.isRegularFile(file)) {
                            Files.copy(file, out);
                        }
                    }
                }
            }
        }
    }
}
