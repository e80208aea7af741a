# Builds the gateway from source and runs it on a JRE, as a user without rights.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -B -q -pl gateway -am -Dmaven.test.skip=true package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /var/lib/gatehouse --create-home gatehouse
WORKDIR /opt/gatehouse
COPY --from=build /src/gateway/target/gatehouse.jar ./
COPY --from=build /src/gateway/target/lib ./lib
USER gatehouse
VOLUME /var/lib/gatehouse
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s CMD ["java", "-jar", "/opt/gatehouse/gatehouse.jar", "status", "--quiet"]
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-Xms64m", "-Xmn40m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/gatehouse/gatehouse.jar"]
CMD ["start", "-c", "/etc/gatehouse/gatehouse.yaml"]
