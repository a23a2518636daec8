package retiring;

import dev.longhaul.web.Endpoint;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.Retiring;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Endpoints that will go, outside of what is scanned: only the test that wants them has them.
@RestController
public class OldController {

    @Endpoint("Tells it the old way")
    @Retiring(since = "2026-12-01", sunset = "2027-06-01", instead = "/docs/index.html#new")
    @GetMapping("/api/v1/old")
    ResponseEntity<Map<String, String>> old() {
        return ResponseEntity.ok().header("Link", "</api/v1/old?page=2>; rel=\"next\"").body(Map.of());
    }

    @Endpoint(value = "Refuses it the old way", description = "As ever.")
    @Retiring(since = "2026-12-01", instead = "/docs/index.html#new")
    @GetMapping("/api/v1/older")
    Map<String, String> older() {
        throw new Problem(ProblemKind.STATE_CONFLICT, "not any more");
    }
}
