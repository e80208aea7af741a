package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code gatehouse schema}: prints the JSON Schema of the config file, for editors. */
@Command(
    name = "schema",
    description = "Print the config file's JSON Schema, for editors.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    try (InputStream schema = ConfigLoader.schema()) {
      schema.transferTo(System.out);
    }
    return 0;
  }
}
