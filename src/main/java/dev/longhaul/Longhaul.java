package dev.longhaul;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The service: one process that serves every door and carries operations.
@SpringBootApplication
@ConfigurationPropertiesScan
public class Longhaul {

    public static void main(String[] args) {
        SpringApplication.run(Longhaul.class, args);
    }
}
