package dev.longhaul.mcp.resources;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ContentJson;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.OperationNotVisible;
import dev.longhaul.mcp.rpc.PublicMessage;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tools.CallContext;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListOrder;
import dev.longhaul.query.OperationList;
import dev.longhaul.tool.RegisteredResource;
import dev.longhaul.tool.ToolCatalog;
import dev.longhaul.types.InputTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import tools.jackson.databind.node.ObjectNode;

/// `resources/list`, `resources/templates/list`, `resources/read`.
@Component
public class ResourceMethods {

    private static final Logger log = LoggerFactory.getLogger(ResourceMethods.class);
    private static final int NEWEST = 50;

    private final ToolCatalog catalog;
    private final OperationList list;
    private final VisibleOperations operations;
    private final InputTypes inputs;

    ResourceMethods(ToolCatalog catalog, OperationList list, VisibleOperations operations, InputTypes inputs) {
        this.catalog = catalog;
        this.list = list;
        this.operations = operations;
        this.inputs = inputs;
    }

    /// Resources with a URI of their own, then the newest operations, on one page: a client that reads all pages must
    /// not read all operations; `list_operations` finds the others.
    public ObjectNode list(ObjectNode params, ClientProfile client) {
        if (params.has("cursor")) {
            throw JsonRpcError.params("resources/list has one page and no cursor "
                    + Text.quoted(params.path("cursor").toString()));
        }
        var result = inputs.json().createObjectNode();
        var resources = result.putArray("resources");
        catalog.resources().stream().filter(resource -> !resource.isTemplate())
                .forEach(resource -> resources.add(described(resource).put("uri", resource.type().uri())));
        list.page(Filter.ALL, ListOrder.NEWEST_FIRST, null, NEWEST).operations().stream()
                .filter(operation -> operations.allows(client.caller(), operation.id())).forEach(operation -> {
            var resource = resources.addObject().put("uri", "longhaul://operations/" + operation.id())
                    .put("name", operation.type() + " " + operation.id());
            resource.put("description", operation.type() + ", " + operation.status().word())
                    .put("mimeType", "application/json");
        });
        return result.put("ttlMs", 1_000).put("cacheScope", "private");
    }

    public ObjectNode templates(ObjectNode params) {
        if (params.has("cursor")) {
            throw JsonRpcError.params("resources/templates/list has one page and no cursor "
                    + Text.quoted(params.path("cursor").toString()));
        }
        var result = inputs.json().createObjectNode();
        var templates = result.putArray("resourceTemplates");
        catalog.resources().stream().filter(RegisteredResource::isTemplate)
                .forEach(resource -> templates.add(described(resource).put("uriTemplate", resource.type().uri())));
        return result.put("ttlMs", 60_000).put("cacheScope", "public");
    }

    private ObjectNode described(RegisteredResource resource) {
        var type = resource.type();
        var described = inputs.json().createObjectNode().put("name", type.name()).put("description", type.description())
                .put("mimeType", type.mimeType());
        return type.title().isEmpty() ? described : described.put("title", type.title());
    }

    public ObjectNode read(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        var uri = uri(request.params());
        var call = new CallContext(client, exchange, request.meta(), inputs);
        try {
            for (var resource : catalog.resources()) {
                var contents = resource.read(uri, call);
                if (contents.isPresent()) {
                    var result = inputs.json().createObjectNode();
                    result.putArray("contents").add(ContentJson.json(contents.get()));
                    return result.put("ttlMs", 0).put("cacheScope", "private");
                }
            }
        } catch (JsonRpcError | DataAccessException | CannotCreateTransactionException notOfTheResource) {
            throw notOfTheResource;
        } catch (OperationNotVisible | IllegalArgumentException unknown) {
            throw unknown(uri, client);
        } catch (Exception broken) {
            log.warn("resource {} could not be read", uri, broken);
            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.INTERNAL,
                    PublicMessage.of(broken, "the resource could not be read"));
        }
        throw unknown(uri, client);
    }

    /// The URI, if its form is that of a resource.
    public String known(ObjectNode params, ClientProfile client) {
        var uri = uri(params);
        if (!isKnown(uri)) {
            throw unknown(uri, client);
        }
        return uri;
    }

    public boolean isKnown(String uri) {
        return catalog.resources().stream().anyMatch(resource -> resource.matches(uri));
    }

    private static String uri(ObjectNode params) {
        if (!params.path("uri").isString()) {
            throw JsonRpcError.params("uri must be the URI of a resource");
        }
        try {
            StorableJson.required("uri", params.path("uri"));
            return Text.storable("uri", params.path("uri").asString(), 2_000);
        } catch (IllegalArgumentException wrong) {
            throw JsonRpcError.params(wrong.getMessage());
        }
    }

    private JsonRpcError unknown(String uri, ClientProfile client) {
        return new JsonRpcError(HttpStatus.OK, client.isModern() ? JsonRpcError.BAD_PARAMS : JsonRpcError.NO_RESOURCE,
                "there is no resource " + Text.quoted(uri),
                inputs.json().createObjectNode().put("uri", uri));
    }
}
