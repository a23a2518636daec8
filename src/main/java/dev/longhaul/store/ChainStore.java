package dev.longhaul.store;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Evidence of the history: chain digests over each operation's entries, and anchors over the digests. Database
/// functions compute both; the service may not write their tables.
@Repository
public class ChainStore {

    private final JdbcClient jdbc;

    ChainStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String SEAL = "select entries, is_behind from extend_chain(:transactions)";

    /// @param entries  number of entries that were added to the hash chain
    /// @param isBehind true: there are transactions that are not in the chain yet
    public record Sealed(long entries, boolean isBehind) {}

    /// Extends the hash chain by the entries of the next transactions, at most `transactions`. Does nothing while
    /// another node extends it.
    public Sealed seal(long transactions) {
        return jdbc.sql(SEAL).param("transactions", transactions)
                .query((row, _) -> new Sealed(row.getLong("entries"), row.getBoolean("is_behind"))).single();
    }

    private static final String ANCHOR = "select anchor_history(:onlyIfDue)";

    /// Makes one anchor for each day of submission whose operations got entries since the day's last anchor.
    ///
    /// @param onlyIfDue true: does nothing if an anchor was made today (UTC), or if no earlier day has new entries
    /// @return number of new anchors
    public int anchor(boolean onlyIfDue) {
        return jdbc.sql(ANCHOR).param("onlyIfDue", onlyIfDue).query(Integer.class).single();
    }

    private static final String UNSIGNED =
            "select number, hash from history_anchor where signature is null order by number";

    /// @param hash bytes to sign; they cover the anchor and the previous anchor's hash
    public record Anchor(int number, byte[] hash) {}

    /// Anchors without a signature.
    public List<Anchor> unsigned() {
        return jdbc.sql(UNSIGNED).query((row, _) -> new Anchor(row.getInt("number"), row.getBytes("hash"))).list();
    }

    private static final String SIGN = "select sign_anchor(:number, :key, :signature)";

    /// Keeps the first signature; a later one changes nothing.
    public void sign(int number, String key, byte[] signature) {
        jdbc.sql(SIGN).param("number", number).param("key", key).param("signature", signature).query(Boolean.class)
                .single();
    }
}
