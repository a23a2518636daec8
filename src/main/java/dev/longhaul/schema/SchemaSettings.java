package dev.longhaul.schema;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the tables live.
///
/// @param schema the schema of the tables. In a database of its own: `public`. Beside the tables of an application: a
///               schema of its own, e.g. `longhaul`. The views for auditors are in `audit`, or in `longhaul_audit`
@ConfigurationProperties("longhaul")
public record SchemaSettings(@DefaultValue(PUBLIC) String schema) {

    static final String PUBLIC = "public";

    /// Lower case, so that quoted and unquoted names are the same; short enough for `_audit` to follow.
    private static final Pattern NAME = Pattern.compile("(?!pg_|information_schema$|audit$)[a-z_][a-z0-9_]{0,56}");

    public SchemaSettings {
        if (!NAME.matcher(schema).matches()) {
            throw new IllegalArgumentException("longhaul.schema must be a name of lower-case letters, digits and "
                    + "underscores, at most 57, that is not PostgreSQL's own and not audit, not " + schema);
        }
    }

    boolean isPublic() {
        return schema.equals(PUBLIC);
    }

    /// The schema of the views for auditors.
    public String audit() {
        return isPublic() ? "audit" : schema + "_audit";
    }

    /// The URL of connections whose statements mean this schema. `public` needs no parameter: it is on every search
    /// path, and some connection poolers refuse the parameter.
    String url(String jdbcUrl) {
        if (isPublic() || jdbcUrl.contains("currentSchema=")) {
            return jdbcUrl;
        }
        return jdbcUrl + (jdbcUrl.contains("?") ? "&" : "?") + "currentSchema=" + schema;
    }
}
