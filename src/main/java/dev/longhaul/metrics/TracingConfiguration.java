package dev.longhaul.metrics;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Exports spans by OTLP. Uses the SDK without Boot's starter, which would also push metrics and require a tracing
/// bridge. Spans wait in a bounded buffer: an unreachable collector loses spans but delays nothing.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("longhaul.metrics.traces-endpoint")
class TracingConfiguration {

    @Bean(destroyMethod = "close")
    OpenTelemetry openTelemetry(MetricsSettings settings) {
        var exporter = OtlpHttpSpanExporter.builder().setEndpoint(String.valueOf(settings.tracesEndpoint()))
                .setTimeout(Duration.ofSeconds(5)).setRetryPolicy(null).build();
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.builder().put("service.name", "longhaul").build())))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.traceRatio())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).setScheduleDelay(Duration.ofSeconds(1)).build())
                .build();
        return OpenTelemetrySdk.builder().setTracerProvider(provider).build();
    }
}
