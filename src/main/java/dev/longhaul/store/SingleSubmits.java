package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Submission;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Single operations that many callers submit at the same time: those that come while others are being written are gathered, and one commit writes them all.
///
/// Who is alone, or one of two, writes its own as if this were not here: gathering costs a lone one nothing. If the database refuses the many, none of them is
/// written, and each goes alone and hears what is wrong with it.
@Component
class SingleSubmits {

    private static final int ALONE = 2;
    private static final int MOST_TOGETHER = 100;

    private final Together together;
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger here = new AtomicInteger();
    private final Thread writer;
    private volatile boolean closed;

    private record Asked(Submission submission, Caller caller, Supplier<Operation> alone, CompletableFuture<Operation> answer) {

        void goAlone() {
            try {
                answer.complete(alone.get());
            } catch (RuntimeException | Error refused) {
                answer.completeExceptionally(refused);
            }
        }
    }

    SingleSubmits(Together together) {
        this.together = together;
        this.writer = Thread.ofPlatform().daemon().name("submits").start(this::writeForEver);
    }

    /// Returns when it is committed.
    ///
    /// @param alone writes it by itself; within a transaction it must be that
    /// @throws DataAccessException if the database did not take it
    Operation submit(Submission submission, Caller caller, Supplier<Operation> alone) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return alone.get();
        }
        try {
            return here.incrementAndGet() <= ALONE || closed ? alone.get() : gathered(new Asked(submission, caller, alone, new CompletableFuture<>()));
        } finally {
            here.decrementAndGet();
        }
    }

    private Operation gathered(Asked submission) {
        asked.add(submission);
        if (closed) {
            refuseAll();
        }
        try {
            return submission.answer.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException refused -> throw refused;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(failed);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("interrupted; the operation may have been submitted", stopped);
        }
    }

    private void writeForEver() {
        var many = new ArrayList<Asked>();
        try {
            while (!closed) {
                many.add(asked.take());
                asked.drainTo(many, MOST_TOGETHER - 1);
                write(many);
                many.clear();
            }
        } catch (InterruptedException stopped) {
            // the service is over
        }
        refuseAll();
    }

    private void write(List<Asked> many) {
        try {
            var written = many.size() == 1 ? List.<Operation>of() : together.submitEach(many.stream().map(one -> new Together.Asked(one.submission, one.caller)).toList());
            if (written.isEmpty()) {
                many.forEach(Asked::goAlone);
            }
            for (var n = 0; n < written.size(); n++) {
                many.get(n).answer.complete(written.get(n));
            }
        } catch (RuntimeException | Error away) {
            many.forEach(one -> one.answer.completeExceptionally(away));
        }
    }

    private void refuseAll() {
        for (var one = asked.poll(); one != null; one = asked.poll()) {
            one.answer.completeExceptionally(new DataAccessResourceFailureException("the service is stopping; the operation was not submitted"));
        }
    }

    @PreDestroy
    void close() {
        closed = true;
        writer.interrupt();
    }
}
