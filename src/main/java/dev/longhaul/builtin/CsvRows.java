package dev.longhaul.builtin;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads the rows of a CSV file (RFC 4180) from any row on, each as a line of COPY's text format.
///
/// The parser receives each byte as one character (ISO 8859-1). Delimiter, quote and line ends are single bytes in
/// every permitted encoding; PostgreSQL decodes and checks the rest. So nothing is decoded twice, no invalid character
/// is replaced silently, and positions are bytes. A plain file is resumed by a seek, a compressed one by decompression
/// without parsing.
final class CsvRows implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// @param delimiter between fields, ASCII
    /// @param nullText  unquoted text that means NULL
    /// @param ignored   indexes of fields that are not imported
    /// @param skipsMalformed true: a line with a malformed quote is a row with a problem; false: it ends the reading
    record Format(char delimiter, String nullText, Charset encoding, Set<Integer> ignored, boolean skipsMalformed) {}

    /// Position and checksum of a row.
    ///
    /// @param offset offset of its first byte in the decompressed file
    /// @param line   its first line; a quoted field may span several
    record Position(long offset, long line, long checksum) {}

    /// @param copyLine the row in COPY's text format, with the line end
    /// @param isEmpty  all its fields are empty
    /// @param problem  why it is no row of a CSV file; null: it is one
    record Row(long offset, long line, int fields, byte[] copyLine, boolean isEmpty, @Nullable String problem) {

        Row withCopyLine(byte[] changed) {
            return new Row(offset, line, fields, changed, isEmpty, problem);
        }

        Position position() {
            var checksum = new CRC32();
            checksum.update(copyLine);
            return new Position(offset, line, checksum.getValue());
        }
    }

    /// @param columns  names in the header row
    /// @param position position of the header row
    record Header(List<String> columns, Position position) {}

    private final Path file;
    private final Format format;
    private CsvSource source;
    private ByteReader bytes;
    private CsvReader<Row> reader;
    private Iterator<Row> rows;
    private long linesBefore;
    private long line;
    private long start;   // of the row that is being read, within the source
    private @Nullable Row malformed;

    private CsvRows(Path file, Format format, long offset, long line) throws IOException {
        this.file = file;
        this.format = format;
        open(offset, line);
    }

    private void open(long offset, long line) throws IOException {
        this.source = CsvSource.open(file, offset);
        this.bytes = new ByteReader(source.unpacked(), offset);
        this.reader = parser(format).build(new Encoder(format), bytes);
        this.rows = reader.iterator();
        this.linesBefore = line - 1;
        this.line = line;
        this.start = 1;
    }

    private static CsvReader.CsvReaderBuilder parser(Format format) {
        return CsvReader.builder().fieldSeparator(format.delimiter).allowUnclosedQuote(false).allowExtraFields(true)
                .allowMissingFields(true);
    }

    /// @throws NotRetryable if there is no header row or the file is not CSV
    static Header header(Path file, Format format) throws NotRetryable, IOException {
        try {
            var offset = byteOrderMark(file);
            try (var rows = new CsvRows(file, format, offset, 1)) {
                if (!rows.hasNext()) {
                    throw new NotRetryable("the file is empty: a header row was expected");
                }
                if (rows.malformed != null) {
                    throw new NotRetryable("line " + rows.line + ": " + rows.malformed.problem);
                }
                return new Header(names(file, format, offset), rows.next().position());
            }
        } catch (IOException unreadable) {
            throw explained(unreadable);
        }
    }

    private static int byteOrderMark(Path file) throws IOException {
        try (var source = CsvSource.open(file, 0)) {
            return Arrays.equals(source.unpacked().readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)
                    ? BYTE_ORDER_MARK.length : 0;
        }
    }

    private static List<String> names(Path file, Format format, long offset) throws IOException {
        try (var records = parser(format).ofCsvRecord(
                new ByteReader(CsvSource.open(file, offset).unpacked(), offset))) {
            return records.iterator().next().getFields().stream()
                    .map(name -> new String(name.getBytes(StandardCharsets.ISO_8859_1), format.encoding).strip())
                    .toList();
        }
    }

    /// Opens the file at the row after a position.
    ///
    /// @throws NotRetryable if the row at the position has changed
    static CsvRows after(Position position, Path file, Format format) throws NotRetryable, IOException {
        try {
            var rows = new CsvRows(file, format, position.offset, position.line);
            if (!rows.hasNext() || !rows.next().position().equals(position)) {
                rows.close();
                throw new NotRetryable("the file was changed at or before line " + position.line
                        + " since the rows up to there were imported; import it as a new operation");
            }
            return rows;
        } catch (IOException unreadable) {
            throw explained(unreadable);
        }
    }

    /// @throws NotRetryable if the file is not CSV here
    boolean hasNext() throws NotRetryable, IOException {
        try {
            return malformed != null || rows.hasNext();
        } catch (CsvParseException broken) {
            var problem = Text.cleaned(broken.getMessage().replaceFirst(" *\\(record starting at line \\d+\\)", ""),
                    300);
            if (!format.skipsMalformed) {
                throw new NotRetryable("line " + line + ": " + problem);
            }
            malformed = malformedLine(problem);
            return true;
        } catch (UncheckedIOException unreadable) {
            throw explained(unreadable.getCause());
        }
    }

    Row next() throws IOException {
        if (malformed == null) {
            return rows.next();
        }
        var row = malformed;
        malformed = null;
        reader.close();
        open(row.offset + row.copyLine.length, row.line + 1);
        return row;
    }

    /// The line on which the broken row begins. The quote may have swallowed the lines after it, so reading goes on
    /// with the next one.
    private Row malformedLine(String problem) throws IOException {
        var offset = bytes.startOf(start);
        try (var lines = CsvSource.open(file, offset)) {
            var text = new ByteArrayOutputStream();
            var in = new BufferedInputStream(lines.unpacked(), BUFFER);
            for (var b = in.read(); b >= 0; b = in.read()) {
                text.write(b);
                in.mark(1);
                if (b == '\n' || b == '\r' && in.read() != '\n') {
                    break;
                }
                in.reset();
            }
            return new Row(offset, line, 0, text.toByteArray(), false, problem);
        }
    }

    /// Bytes of the file read so far, compressed or not.
    long bytesRead() throws IOException {
        return source.channel().position();
    }

    private static IOException explained(IOException unreadable) throws NotRetryable {
        if (unreadable instanceof ZipException || unreadable instanceof EOFException) {
            throw new NotRetryable("the file is not a complete gzip file: " + unreadable.getMessage());
        }
        return unreadable;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /// Writes each field in COPY's text format without creating a String.
    private final class Encoder extends AbstractBaseCsvCallbackHandler<Row> {

        private static final byte[] NULL = {'\\', 'N'};

        private final char[] nullText;
        private final Set<Integer> ignored;
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        private boolean isFirst;
        private boolean isEmpty;

        Encoder(Format format) {
            this.ignored = format.ignored;
            this.nullText = new String(format.nullText.getBytes(format.encoding), StandardCharsets.ISO_8859_1)
                    .toCharArray();
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            start = startingLineNumber;
            line = linesBefore + startingLineNumber;
            copy.reset();
            isFirst = true;
            isEmpty = true;
        }

        @Override
        protected void handleField(int index, char[] buffer, int from, int length, boolean quoted) {
            isEmpty &= length == 0;
            if (ignored.contains(index)) {
                return;
            }
            if (!isFirst) {
                copy.write('\t');
            }
            isFirst = false;
            if (!quoted && Arrays.equals(buffer, from, from + length, nullText, 0, nullText.length)) {
                copy.writeBytes(NULL);
                return;
            }
            for (var i = from; i < from + length; i++) {
                switch (buffer[i]) {
                    case '\\' -> escaped('\\');
                    case '\t' -> escaped('t');
                    case '\n' -> escaped('n');
                    case '\r' -> escaped('r');
                    default -> copy.write(buffer[i]);
                }
            }
        }

        private void escaped(char c) {
            copy.write('\\');
            copy.write(c);
        }

        @Override
        protected Row buildRecord() {
            copy.write('\n');
            return new Row(bytes.startOf(start), line, getFieldCount(), copy.toByteArray(), isEmpty, null);
        }
    }
}
