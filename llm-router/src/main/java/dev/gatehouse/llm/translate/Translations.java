package dev.gatehouse.llm.translate;

import java.util.Map;

/** The translations there are. */
public final class Translations {

  private Translations() {}

  /** The client speaks OpenAI chat completions, the upstream Anthropic messages. */
  public static Translation chatToMessages() {
    return new Refusing();
  }

  /** The client speaks Anthropic messages, the upstream OpenAI chat completions. */
  public static Translation messagesToChat() {
    return new Refusing();
  }

  private static final class Refusing implements Translation {
    @Override
    public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
        throws UntranslatableException {
      throw new UntranslatableException("model", "this upstream speaks another protocol");
    }

    @Override
    public Map<String, Object> response(Map<String, Object> upstreamResponse) {
      throw new UnreadableReplyException("no reply was asked for");
    }

    @Override
    public StreamTranslator stream() {
      throw new UnreadableReplyException("no reply was asked for");
    }
  }
}
