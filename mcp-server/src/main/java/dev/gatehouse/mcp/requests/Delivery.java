package dev.gatehouse.mcp.requests;

/** Hears whether an answer reached its client. Called on any thread. */
public interface Delivery {

  /** Nobody has to know. */
  Delivery UNNOTED =
      new Delivery() {
        @Override
        public void delivered() {}

        @Override
        public void lost() {}
      };

  /** It was sent to a client that is there; may follow {@link #lost}, when the client resumes. */
  void delivered();

  /** The client is gone or does not want it any more. */
  void lost();
}
