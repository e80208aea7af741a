package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a request asks, and where in its bytes it says so. Immutable. */
public final class RequestFacts {

  private final byte[] body;
  private final String model;
  private final Range modelAt;
  private final boolean streaming;
  private final boolean usageAsked;
  private final List<Splice> usageSplice;
  private final String userId;
  private final String previousResponse;
  private final boolean stored;
  private final List<ProviderTool> providerTools;

  /**
   * @param modelAt where the model's value stands, quotes included
   * @param usageSplice what has to change so that a chat stream reports its usage
   * @param previousResponse the response that this one goes on from; empty for none
   * @param stored whether the provider may keep the response
   * @param providerTools what the provider is to run itself
   */
  RequestFacts(
      byte[] body,
      String model,
      Range modelAt,
      boolean streaming,
      boolean usageAsked,
      List<Splice> usageSplice,
      String userId,
      String previousResponse,
      boolean stored,
      List<ProviderTool> providerTools) {
    this.body = body;
    this.model = model;
    this.modelAt = modelAt;
    this.streaming = streaming;
    this.usageAsked = usageAsked;
    this.usageSplice = usageSplice;
    this.userId = userId;
    this.previousResponse = previousResponse;
    this.stored = stored;
    this.providerTools = providerTools;
  }

  /** The bytes as they came; not to be changed. */
  public byte[] body() {
    return body;
  }

  /** The model name that the client used. */
  public String model() {
    return model;
  }

  /** Whether a stream is asked for. */
  public boolean streaming() {
    return streaming;
  }

  /** Whether a chat client asked for the usage chunk itself. */
  public boolean usageAsked() {
    return usageAsked;
  }

  /** What the client calls its user or session in the body; empty when nothing. */
  public String userId() {
    return userId;
  }

  /** The stored response that this one goes on from; empty when from none. */
  public String previousResponse() {
    return previousResponse;
  }

  /** Whether the provider may keep the response, for others to go on from. */
  public boolean stored() {
    return stored;
  }

  /** The tools that the provider is asked to run itself; empty for none. */
  public List<ProviderTool> providerTools() {
    return providerTools;
  }

  /** Whether these ASCII characters stand anywhere in the body. */
  public boolean mentions(String ascii) {
    return new String(body, StandardCharsets.ISO_8859_1).contains(ascii);
  }

  /** A stretch of bytes. */
  record Range(int from, int to) {}

  /**
   * The body for a provider of the same protocol: the client's bytes, with the provider's name of
   * the model and, on demand, a demand for usage.
   */
  public byte[] upstreamBody(String upstreamModel, boolean withUsage) {
    List<Splice> splices = new ArrayList<>(2);
    if (!upstreamModel.equals(model)) {
      splices.add(new Splice(modelAt.from, modelAt.to, quoted(upstreamModel)));
    }
    if (withUsage) {
      splices.addAll(usageSplice);
    }
    splices.sort(Comparator.comparingInt(Splice::from));
    return Splice.apply(body, splices);
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
