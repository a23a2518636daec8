package dev.longhaul.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/// Repaints lines on a terminal, sending only the differences. close() restores the terminal.
final class LiveDisplay implements AutoCloseable {

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final boolean whole;
    private Size size = new Size(80, 24);
    private List<AttributedString> painted = List.of();
    private boolean closed;

    /// @param whole true: the whole screen, restored at the end; false: the lines below the prompt, which stay
    LiveDisplay(boolean whole) {
        try {
            this.whole = whole;
            terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8)
                    // else it queries the terminal, and the shell may get a late answer as input
                    .graphemeCluster(false).build();
            before = terminal.getAttributes();
            var quiet = new Attributes(before);
            // no keys between the bars; raw mode would take Ctrl-C for a key too
            quiet.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO), false);
            terminal.setAttributes(quiet);
            terminal.handle(Terminal.Signal.INT, _ -> interrupted());
            display = new Display(terminal, whole);
            if (whole) {
                terminal.puts(Capability.enter_ca_mode);
            }
            terminal.puts(Capability.cursor_invisible);
            measure();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /// Closes before the shutdown hooks run: JLine's hook closes the terminal, and then nothing can be painted.
    private void interrupted() {
        close();
        System.exit(ExitCode.INTERRUPTED);
    }

    int width() {
        return size.getColumns();
    }

    int height() {
        return size.getRows();
    }

    /// @return true: the size has changed
    synchronized boolean measure() {
        if (closed) {
            return false;
        }
        var now = terminal.getSize();
        var fits = new Size(now.getColumns() > 0 ? now.getColumns() : 80, now.getRows() > 0 ? now.getRows() : 24);
        var changed = !fits.equals(size);
        size = fits;
        display.resize(size.getRows(), size.getColumns());
        if (changed) {
            display.reset();
            if (whole) {
                display.clear();
            }
        }
        return changed;
    }

    synchronized void paint(List<AttributedString> lines) {
        if (!closed) {
            painted = lines;
            display.update(lines, -1);
            terminal.flush();
        }
    }

    /// @param line that stays above the painted ones
    synchronized void above(AttributedString line) {
        if (!closed) {
            display.update(List.of(), 0);
            terminal.writer().print(line.toAnsi(terminal) + "\r\n");
            paint(painted);
        }
    }

    /// @return the next key; negative: none in time
    int key(long millis) throws IOException {
        try {
            return terminal.reader().read(millis);
        } catch (IOException | IllegalStateException gone) {
            if (isClosed()) {
                // Ctrl-C: interrupted() has closed the terminal, before the read or during it
                awaitEnd();
            }
            throw gone;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static void awaitEnd() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!whole && !painted.isEmpty()) {
            display.update(painted, size.cursorPos(painted.size() - 1,
                    Math.min(size.getColumns() - 1, painted.getLast().columnLength())));
            terminal.writer().print("\r\n");
        }
        terminal.puts(Capability.cursor_visible);
        if (whole) {
            terminal.puts(Capability.exit_ca_mode);
        }
        terminal.setAttributes(before);
        terminal.flush();
        try {
            terminal.close();
        } catch (IOException gone) {
            // nothing is left to restore
        }
    }
}
