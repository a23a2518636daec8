package dev.longhaul.builtin;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;

/// One UPDATE, INSERT or DELETE over the keys `:from` <= key < `:to`. PostgreSQL's driver parses it.
record BackfillStatement(String sql) {

    BackfillStatement {
        if (!new HashSet<>(List.of(parameters(sql))).equals(Set.of("from", "to"))) {
            throw new IllegalArgumentException("statement must have both :from and :to, as in: where id >= :from and "
                    + "id < :to");
        }
        try {
            var statements = Parser.parseJdbcSql(sql, true, false, true, false, true);
            if (statements.size() != 1) {
                throw new IllegalArgumentException("statement must be one statement, not " + statements.size());
            }
            var type = statements.getFirst().command.getType();
            if (type != SqlCommandType.UPDATE && type != SqlCommandType.INSERT && type != SqlCommandType.DELETE) {
                throw new IllegalArgumentException("statement must be an UPDATE, INSERT … SELECT or DELETE");
            }
        } catch (SQLException invalid) {
            throw new IllegalArgumentException("statement is invalid: " + invalid.getMessage());
        }
    }

    /// @return names of the parameters, one per occurrence
    private static Object[] parameters(String sql) {
        try {
            var known = new MapSqlParameterSource(Map.of("from", "from", "to", "to"));
            return NamedParameterUtils.buildValueArray(NamedParameterUtils.parseSqlStatement(sql), known, null);
        } catch (InvalidDataAccessApiUsageException unfit) {
            throw new IllegalArgumentException("statement must have the parameters :from and :to and no others (?? "
                    + "stands for the operator ?): " + unfit.getMessage());
        }
    }
}
