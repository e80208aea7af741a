package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.RequestTemplate;
import java.io.IOException;
import java.util.List;

/** What clients of a hop send, and how a good answer is known. */
interface Traffic {

  /** Text in the body of every good answer. */
  String marker();

  /** Whether answers come in pieces. */
  boolean streamed();

  /** One request for each connection to that hop; opens sessions where the protocol has them. */
  List<RequestTemplate> requests(Hop hop, int connections) throws IOException, InterruptedException;
}
