package dev.gatehouse.llm.config;

/**
 * What calls cost.
 *
 * @param prices what providers ask for their models
 */
public record Metering(PriceTable prices) {

  /** No prices. */
  public static final Metering NONE = new Metering(PriceTable.NONE);
}
