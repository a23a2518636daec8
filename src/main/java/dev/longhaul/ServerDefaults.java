package dev.longhaul;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/// The server's defaults for Spring Boot. They are no `application.yaml`: an application that has Longhaul as a library
/// keeps its own. Registered in META-INF/spring.factories.
public class ServerDefaults implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (application.getAllSources().contains(LonghaulServer.class)) {
            environment.getPropertySources().addLast(load());
        }
    }

    public static PropertySource<?> load() {
        try {
            return new YamlPropertySourceLoader().load("defaults of Longhaul",
                    new ClassPathResource("server.yaml", ServerDefaults.class)).getFirst();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
