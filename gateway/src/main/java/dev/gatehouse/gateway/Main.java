package dev.gatehouse.gateway;

import dev.gatehouse.gateway.cli.GatehouseCommand;

/** Where the process begins: hands the arguments to the command line. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(GatehouseCommand.run(arguments));
  }
}
