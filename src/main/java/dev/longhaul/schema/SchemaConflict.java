package dev.longhaul.schema;

/// The schema belongs to another application.
public class SchemaConflict extends RuntimeException {

    SchemaConflict(String schema, String tables) {
        super("Schema " + schema + " of the database has tables of another application (" + tables
                + "), and none of Longhaul's.");
    }

    public String remedy() {
        return "Give Longhaul a database of its own (--spring.datasource.url=jdbc:postgresql://host/longhaul), or a "
                + "schema of its own in this one (--longhaul.schema=longhaul).";
    }
}
