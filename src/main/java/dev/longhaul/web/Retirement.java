package dev.longhaul.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/// Says of each answer of a [Retiring] endpoint that it will go, before anything else can go wrong with the request;
/// and its link once more beside those that an answer has itself, which would take its place.
@ControllerAdvice
class Retirement implements HandlerInterceptor, ResponseBodyAdvice<Object> {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'",
            Locale.ENGLISH);

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var retiring = handler instanceof HandlerMethod method ? method.getMethodAnnotation(Retiring.class) : null;
        if (retiring != null) {
            response.setHeader("Deprecation", "@" + LocalDate.parse(retiring.since()).atStartOfDay(ZoneOffset.UTC)
                    .toEpochSecond());
            if (!retiring.sunset().isEmpty()) {
                response.setHeader("Sunset",
                        HTTP_DATE.format(LocalDate.parse(retiring.sunset()).atStartOfDay(ZoneOffset.UTC)));
            }
            response.setHeader("Link", link(retiring));
        }
        return true;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return returned.hasMethodAnnotation(Retiring.class);
    }

    @Override
    public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returned, MediaType type, Class<?
            extends HttpMessageConverter<?>> converter,
                                            ServerHttpRequest request, ServerHttpResponse response) {
        response.getHeaders().add("Link", link(Objects.requireNonNull(returned.getMethodAnnotation(Retiring.class))));
        return body;
    }

    private static String link(Retiring retiring) {
        return "<" + retiring.instead() + ">; rel=\"deprecation\"; type=\"text/html\"";
    }
}
