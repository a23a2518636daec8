package dev.longhaul.page;

import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.web.InputRequestUrl;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The page of one input request: a form while it is open, then its answer with principal and time.
@RestController
class InputRequestPage {

    private final InputRequests answers;
    private final OperationStore store;
    private final JsonMapper json;

    InputRequestPage(InputRequests answers, OperationStore store, JsonMapper json) {
        this.answers = answers;
        this.store = store;
        this.json = json;
    }

    @GetMapping("/input-requests/{id}")
    ResponseEntity<String> show(@PathVariable String id, @RequestParam String name) {
        return find(id, name).map(request -> page(id, request, HttpStatus.OK, null, null))
                .orElseGet(InputRequestPage::none);
    }

    @PostMapping(path = "/input-requests/{id}", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> answer(@PathVariable String id, @RequestParam String name,
            @RequestParam Map<String, String> entered, Caller caller) {
        var request = find(id, name);
        if (request.isEmpty()) {
            return none();
        }
        try {
            answers.answer(OperationId.parse(id), name, new InputRequestForm(request.get(), json).answer(entered),
                    new Caller(caller.name(), "dashboard"));
        } catch (InvalidInput unfit) {
            return page(id, request.get(), HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(unfit.getMessage()),
                    entered);
        } catch (AlreadyAnswered late) {
            return find(id, name).map(now -> page(id, now, HttpStatus.CONFLICT, String.valueOf(late.getMessage()),
                    null)).orElseGet(InputRequestPage::none);
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(InputRequestUrl.of("", OperationId.parse(id), name))).build();
    }

    private Optional<InputRequest> find(String id, String name) {
        try {
            var operation = OperationId.parse(id);
            return answers.all(operation).stream().filter(request -> request.name().equals(name)).findAny();
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    /// @param wrong why the answer was refused; null: it was not
    private ResponseEntity<String> page(String id, InputRequest request, HttpStatus status, @Nullable String wrong,
            @Nullable Map<String, String> entered) {
        var operation = store.find(OperationId.parse(id));
        if (operation.isEmpty()) {
            return none();
        }
        var head = "<h1>%s</h1>\n<p>Asked by %s <code>%s</code> at %s</p>\n%s".formatted(
                HtmlPage.text(request.action()), HtmlPage.text(operation.get().type()), operation.get().id(),
                request.askedAt(), wrong == null ? "" : "<p class=\"wrong\" role=\"alert\">" + HtmlPage.text(wrong)
                + "</p>\n");
        var answer = request.answer();
        if (answer != null) {
            return HtmlPage.page(status, request.action(), head
                    + "<p>Answered by %s at %s:</p>\n<pre>%s</pre>\n".formatted(HtmlPage.text(answer.by()), answer.at(),
                    HtmlPage.text(json.writerWithDefaultPrettyPrinter().writeValueAsString(answer.value()))));
        }
        return HtmlPage.page(status, request.action(), head + (operation.get().isOver()
                ? "<p>The operation is %s; no answer is needed.</p>\n"
                .formatted(operation.get().status().word()) : new InputRequestForm(request, json).html(entered)));
    }

    private static ResponseEntity<String> none() {
        return HtmlPage.page(HttpStatus.NOT_FOUND, "No such input request",
                "<h1>No such input request</h1>\n<p>The link may be incomplete, or the operation may have "
                + "expired.</p>\n");
    }
}
