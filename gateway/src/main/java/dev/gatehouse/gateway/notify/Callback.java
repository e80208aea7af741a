package dev.gatehouse.gateway.notify;

import java.util.Set;

/**
 * What a receiver may do beyond being told: hand in the answers of these people.
 *
 * @param secret signs what it hands in; no other's
 * @param operators whose answers, by their names in the config
 */
public record Callback(WebhookSecret secret, Set<String> operators) {

  public Callback {
    operators = Set.copyOf(operators);
    if (operators.isEmpty()) {
      throw new IllegalArgumentException("callback: operators names nobody to speak for");
    }
  }
}
