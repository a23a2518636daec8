package dev.longhaul.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.store.RetryPolicies;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RetryPolicyTest {

    @ParameterizedTest
    @CsvSource({"1, 0, 1, PT0.5S", "1, 0.999999, 1, PT1S", "3, 0, 2, PT2S", "11, 0, 2, PT30S", "1000, 0.5, 2, PT45S"})
    void exponentialDelaysGrowUpToTheLongestWithJitter(int failures, double jitter, double factor, Duration pause) {
        var policy = new RetryPolicy.Exponential(Duration.ofSeconds(1), factor, Duration.ofMinutes(1));

        assertThat(policy.pause(failures, jitter)).isCloseTo(pause, Duration.ofMillis(2));
    }

    @Test
    void aDelayIsNeverOutsideItsBounds() {
        var random = RandomGenerator.of("L64X128MixRandom");
        for (var round = 0; round < 10_000; round++) {
            var first = Duration.ofMillis(1 + random.nextLong(100_000));
            var longest = first.plusMillis(random.nextLong(10_000_000));
            var policy = new RetryPolicy.Exponential(first, 1 + random.nextDouble() * 9, longest);

            var pause = policy.pause(1 + random.nextInt(1_000), random.nextDouble());

            assertThat(pause).as("%s", policy).isPositive().isBetween(first.dividedBy(2).minusMillis(1), longest);
        }
    }

    @Test
    void aListRepeatsItsLastDelay() {
        var policy = new RetryPolicy.Listed(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)));

        assertThat(List.of(policy.pause(1, 0.3), policy.pause(2, 0.3), policy.pause(9, 0.3)))
                .extracting(Duration::toSeconds).containsExactly(1L, 5L, 5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"kind\":\"exponential\",\"first\":\"PT1S\",\"factor\":1.5,\"longest\":\"PT10M\"}",
        "{\"kind\":\"fixed\",\"delay\":\"PT30S\"}",
        "{\"kind\":\"list\",\"delays\":[\"PT1S\",\"PT5S\",\"PT1M\"]}"})
    void aPolicyIsWrittenAsItWasRead(String text) {
        var json = JsonMapper.shared();

        assertThat(RetryPolicies.write(RetryPolicies.read(json.readTree(text)))).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"kind": "never"}                                     | \
            the kind of a retry policy must be exponential, fixed or list, not "never"
            {"kind": "fixed"}                                     | delay must be a duration such as 30s or PT30S, not ""
            {"kind": "fixed", "delay": "soon"}                    | delay must be a duration such as 30s or PT30S, not ""soon""
            {"kind": "fixed", "delay": "PT0S"}                    | \
            delay must be more than 0 s and at most 365 days, not PT0S
            {"kind": "fixed", "delay": "P400D"}                   | \
            delay must be more than 0 s and at most 365 days, not PT9600H
            {"kind": "list", "delays": []}                        | delays must have 1 to 100 elements, not 0
            {"kind": "exponential", "first": "PT9S", "longest": "PT1S"} | \
            longest must be at least first, which is PT9S, not PT1S
            {"kind": "exponential", "first": "PT1S", "factor": 0.5, "longest": "PT1S"} | \
            factor must be between 1 and 10, not 0.5
            """)
    void anInvalidPolicyIsRefused(String text, String message) {
        assertThatThrownBy(() -> RetryPolicies.read(JsonMapper.shared().readTree(text)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
