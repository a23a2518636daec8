package dev.longhaul.embedded;

/// A role and its password.
public record Credentials(String user, String password) {

    /// Without the password, for logs.
    @Override
    public String toString() {
        return user;
    }
}
