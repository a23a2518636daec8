package dev.longhaul.store;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Evidence of the history: seals over each operation's entries, and the anchors that sum them up. All of it is
/// computed by the database, in functions whose tables the service may not write.
@Repository
public class ChainStore {

    private final JdbcClient jdbc;

    ChainStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String SEAL = "select entries, is_behind from extend_chain(:transactions)";

    /// @param entries  how many were sealed
    /// @param isBehind there are transactions that it has not looked at
    public record Sealed(long entries, boolean isBehind) {}

    /// Seals the entries of the next transactions, at most so many; nothing if another node is at it.
    public Sealed seal(long transactions) {
        return jdbc.sql(SEAL).param("transactions", transactions)
                .query((row, _) -> new Sealed(row.getLong("entries"), row.getBoolean("is_behind"))).single();
    }

    private static final String ANCHOR = "select anchor_history(:onlyIfDue)";

    /// Sums up what is sealed, with one anchor for each day of submission whose operations got entries since its last
    /// one.
    ///
    /// @param onlyIfDue only if none was made today (UTC) and there is something of the days before
    /// @return how many anchors were made
    public int anchor(boolean onlyIfDue) {
        return jdbc.sql(ANCHOR).param("onlyIfDue", onlyIfDue).query(Integer.class).single();
    }

    private static final String UNSIGNED =
            "select number, hash from history_anchor where signature is null order by number";

    /// @param hash what is to be signed: it covers the anchor and, by its hash, the one before
    public record Anchor(int number, byte[] hash) {}

    /// Those that nobody has signed yet.
    public List<Anchor> unsigned() {
        return jdbc.sql(UNSIGNED).query((row, _) -> new Anchor(row.getInt("number"), row.getBytes("hash"))).list();
    }

    private static final String SIGN = "select sign_anchor(:number, :key, :signature)";

    /// The first signature stands.
    public void sign(int number, String key, byte[] signature) {
        jdbc.sql(SIGN).param("number", number).param("key", key).param("signature", signature).query(Boolean.class)
                .single();
    }
}
