package dev.longhaul.mcp;

import org.springframework.http.HttpStatus;

/// A request that is answered with a JSON-RPC error.
class Refused extends RuntimeException {

    static final int NOT_JSON = -32700;
    static final int NO_REQUEST = -32600;
    static final int NO_METHOD = -32601;
    static final int BAD_PARAMS = -32602;
    static final int INTERNAL = -32603;
    static final int UNSUPPORTED_VERSION = -32022;

    private final HttpStatus status;
    private final int code;

    Refused(HttpStatus status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    HttpStatus status() {
        return status;
    }

    int code() {
        return code;
    }
}
