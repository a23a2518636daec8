package dev.longhaul.web;

import dev.longhaul.types.InputTypes;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/// What a handler may rely on: a [JsonBody] that was checked, a `Caller`, no parameter that it does not have, and an
/// answer that is sent whole; what is [Retiring] says so.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private final InputTypes inputs;
    private final Retirement retirement;
    private final JsonMapper json;

    WebConfiguration(InputTypes inputs, Retirement retirement, JsonMapper json) {
        this.inputs = inputs;
        this.retirement = retirement;
        this.json = json;
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.withJsonConverter(new BufferedJsonConverter(json));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new JsonBodyResolver(inputs));
        resolvers.add(new CallerResolver());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(retirement).addPathPatterns("/api/v1/**");
        registry.addInterceptor(new QueryParameterCheck()).addPathPatterns("/api/v1/**");
    }
}
