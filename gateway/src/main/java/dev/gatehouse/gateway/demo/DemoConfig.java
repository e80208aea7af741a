package dev.gatehouse.gateway.demo;

import dev.gatehouse.core.json.Digest;

/** The config file that the demo writes, to be read and changed while it runs. */
final class DemoConfig {

  static final String AGENT = "demo-agent";

  /** Does what it is not for, and is suspended; nobody is shown its key. */
  static final String DRIFTER = "nightly-report";

  private DemoConfig() {}

  static String text(
      int dataPort,
      int adminPort,
      SimulatedProviders providers,
      int ticketsPort,
      Digest agentKey,
      Digest drifterKey) {
    return """
    # Written by `gatehouse demo`. Change it while the demo runs: the gateway reloads it within a second.
    server: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    data_dir: ./data

    agents:
      - id: %s
        owner: Ada Lovelace <ada@example.com>
        purpose: Looks after support tickets
        labels: {env: prod, team: support}
        credentials: [{sha256: %s}]
        tools: ["tickets__*"]
        models: ["*"]
      - id: %s
        owner: Grace Hopper <grace@example.com>
        purpose: Counts the open tickets each night
        labels: {env: prod, team: support}
        credentials: [{sha256: %s}]
        tools: ["tickets__list_tickets"]

    # A call that its manifest does not declare is denied in any case, and suspends the agent.
    drift: {undeclared: high}

    mcpServers:
      tickets: {type: http, url: "http://127.0.0.1:%d/mcp", class: customer_data, environment: prod,
        state: {close_ticket: {tool: get_ticket, arguments: {id: $.id}}}}

    # The order is the order of tries. Flip the two lines under `providers:` and watch the next answer.
    models:
      - name: demo
        tier: frontier
        providers:
          - {provider: anthropic-simulated, model: claude-simulated}
          - {provider: openai-simulated, model: gpt-simulated}

    providers:
      anthropic-simulated: {type: anthropic, base_url: "http://127.0.0.1:%d", api_key: simulated-key-without-permission}
      openai-simulated: {type: openai, base_url: "http://127.0.0.1:%d/v1", api_key: simulated-key}
    """
        .formatted(
            dataPort,
            adminPort,
            AGENT,
            agentKey.hex(),
            DRIFTER,
            drifterKey.hex(),
            ticketsPort,
            providers.anthropicPort(),
            providers.openaiPort());
  }
}
