package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The container files are well-formed and refer only to what is there. Where no container engine
 * is, nothing else tells.
 */
final class ContainerFilesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> INSTRUCTIONS =
      Set.of(
          "FROM",
          "WORKDIR",
          "COPY",
          "RUN",
          "USER",
          "VOLUME",
          "EXPOSE",
          "HEALTHCHECK",
          "ENTRYPOINT",
          "CMD");
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "build",
          "image",
          "command",
          "ports",
          "environment",
          "volumes",
          "depends_on",
          "restart",
          "healthcheck");

  @Test
  void composeNamesTheGatewayAndWhatAFleetShares() throws Exception {
    Map<?, ?> compose = compose();
    Map<?, ?> services = member(compose, "services");

    assertThat(services.keySet())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("gateway", "redis", "postgres", "witness");
    services.forEach(
        (name, service) ->
            assertServiceIsSound(String.valueOf(name), (Map<?, ?>) service, compose));
  }

  private static void assertServiceIsSound(String name, Map<?, ?> service, Map<?, ?> compose) {
    assertThat(service.keySet())
        .as(name)
        .allSatisfy(key -> assertThat(SERVICE_KEYS).contains(String.valueOf(key)));
    assertThat(service.containsKey("image") ^ service.containsKey("build"))
        .as(name + " has an image or a build")
        .isTrue();
    if (service.get("image") instanceof String image) {
      assertThat(image)
          .as(name + " is pinned")
          .matches("[a-z0-9./-]+:[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*");
    }
    if (service.get("depends_on") instanceof Map<?, ?> needed) {
      assertThat(member(compose, "services").keySet().containsAll(needed.keySet()))
          .as(name + " depends on services that are there")
          .isTrue();
    }
    if (service.get("volumes") instanceof List<?> volumes) {
      Set<?> declared = member(compose, "volumes").keySet();
      assertThat(volumes)
          .as(name)
          .allSatisfy(
              volume ->
                  assertThat(
                          volume.toString().startsWith("./")
                              || declared.contains(volume.toString().split(":", 2)[0]))
                      .isTrue());
    }
  }

  @Test
  void dockerfileHasOnlyKnownInstructionsAndRunsWithoutRights() throws Exception {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("Dockerfile")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();

    assertThat(lines).allSatisfy(line -> assertThat(INSTRUCTIONS).contains(line.split(" ", 2)[0]));
    assertThat(lines.getFirst()).startsWith("FROM ");
    assertThat(lines).contains("USER gatehouse");
    assertThat(lines.indexOf("USER gatehouse"))
        .isLessThan(
            lines.indexOf(
                lines.stream()
                    .filter(line -> line.startsWith("ENTRYPOINT"))
                    .findFirst()
                    .orElseThrow()));
  }

  private static Map<?, ?> member(Map<?, ?> parent, String name) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(name), name);
  }

  private static Map<?, ?> compose() throws Exception {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(ROOT.resolve("docker-compose.yml")));
  }
}
