package dev.longhaul.store;

/// The kind of work of the present thread. It decides which connections the thread's statements use.
public enum Workload {

    /// Loops and tasks: every thread that enters no other kind.
    BACKGROUND,
    /// Exports and walks over many operations.
    BULK,
    /// Requests that submit operations.
    SUBMIT,
    /// Requests that change what exists.
    CHANGE,
    /// Requests that list or count.
    LIST,
    /// Requests that read one thing, and event streams.
    READ,
    /// Requests of remote workers.
    WORKER,
    /// Other requests to the MCP endpoint.
    MCP;

    private static final ThreadLocal<Workload> CURRENT = ThreadLocal.withInitial(() -> BACKGROUND);

    /// Ends with the previous kind.
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    static Workload current() {
        return CURRENT.get();
    }

    boolean isRequest() {
        return this != BACKGROUND && this != BULK;
    }

    public Scope enter() {
        var before = CURRENT.get();
        CURRENT.set(this);
        return () -> CURRENT.set(before);
    }
}
