package dev.longhaul.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Requests that the server refuses before any servlet, as problem documents: 414, 431, `%2F` in a path. Requests that
/// arrive too slowly end with their connection.
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Server.class, JettyServletWebServerFactory.class})
class ServerErrors {

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> problemsOfTheServer(JsonMapper json) {
        return factory -> factory.addServerCustomizers(server -> server.setErrorHandler(new Handler(json)));
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> deadlineOfRequests(WebSettings settings) {
        return factory -> factory.addServerCustomizers(server -> {
            var deadline = new RequestDeadline(settings.requestTimeout());
            server.insertHandler(deadline);
            for (var connector : server.getConnectors()) {
                ((AbstractConnector) connector).addBean(deadline, false);
            }
        });
    }

    private static final class Handler extends ErrorHandler {

        private final JsonMapper json;

        Handler(JsonMapper json) {
            this.json = json;
        }

        @Override
        protected void generateResponse(Request request, Response response, int code, String message, Throwable cause,
                Callback callback) {
            var problem = ProblemHandler.ofStatus(code);
            if (EventStreams.isAskedToRetry(request.getMethod(), request.getHeaders().get(HttpHeader.ACCEPT),
                    problem.kind())) {
                response.setStatus(HttpStatus.OK.value());
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE);
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
                Content.Sink.write(response, true, EventStreams.refusal(problem), callback);
                return;
            }
            response.setStatus(problem.kind().status().value());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            Content.Sink.write(response, true, text(problem), callback);
        }

        @Override
        public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
            fields.put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            return ByteBuffer.wrap(text(ProblemHandler.ofStatus(status)).getBytes(StandardCharsets.UTF_8));
        }

        private String text(Problem problem) {
            return json.writeValueAsString(problem.document(null, null));
        }
    }
}
